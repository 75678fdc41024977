import type { Learned } from "../../api/index.js";
import type { FoundInterface } from "../foreign/interface-in.js";

/** In what an interface differs from what a plug-in said of it, as words that follow "which has"; undefined for nothing. */
export function interfaceDifference(found: FoundInterface | undefined, said: Learned): string | undefined {
  if (found === undefined) return "no such interface";
  const { mac, addresses = [] } = said;
  if (mac !== undefined && mac !== found.mac) return `another MAC address: ${found.mac ?? "none"}`;
  const missing = addresses.find((address) => !found.addresses.includes(address));
  return missing === undefined ? undefined : `no address ${missing}`;
}
