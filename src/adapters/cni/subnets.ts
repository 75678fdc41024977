import { familyOf, type Subnet } from "../../api/index.js";
import { invalidConfig } from "./errors.js";
import type { Result } from "./result.js";
import { shown } from "./shown.js";

/** The subnets that hold the addresses of a result; host bits name the gateway, and without a gateway there are none. */
export async function subnetsOf({ ips }: Pick<Result, "ips">): Promise<readonly string[]> {
  return Promise.all(
    ips.map(async ({ address, gateway }) => {
      const network = await networkAddress(String(address));
      if (network === undefined)
        throw invalidConfig(
          `the plug-in for addresses gave ${shown(address)}, which is no address with a prefix length`,
          "Correct its configuration.",
        );
      return `${typeof gateway === "string" && gateway !== "" ? gateway : network}/${String(address).split("/")[1]}`;
    }),
  );
}

/** Whether a subnet, with host bits or without, is one of those. */
export async function isSubnetOf(subnet: string, subnets: readonly Pick<Subnet, "cidr">[]): Promise<boolean> {
  const [network, length] = [await networkAddress(subnet), subnet.split("/")[1]];
  return subnets.some(({ cidr }) => cidr === `${network}/${length}`);
}

/** Undefined for what is no CIDR. */
async function networkAddress(cidr: string): Promise<string | undefined> {
  const { default: ipaddr } = await import("ipaddr.js");
  if (!ipaddr.isValidCIDR(cidr)) return undefined;
  const family = familyOf(cidr) === 4 ? ipaddr.IPv4 : ipaddr.IPv6;
  return family.networkAddressFromCIDR(cidr).toString();
}
