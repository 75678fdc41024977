import { familyOf } from "../../api/index.js";
import { isCidr, isHardwareAddress } from "./addresses.js";
import { type Fields, fieldOf, isFields } from "./fields.js";
import { type Called, failed, quoted } from "./plugin-failure.js";
import type { RequestedInterface } from "./requests.js";

/** What a plug-in chose of an endpoint's interface. */
export interface ChosenInterface {
  /** With prefix length. */
  readonly addresses: readonly string[];
  readonly mac?: string;
}

const fields = [
  {
    name: "Address",
    takes: (text: string) => isCidr(text) && familyOf(text) === 4,
    is: "an IPv4 address with prefix length",
  },
  {
    name: "AddressIPv6",
    takes: (text: string) => isCidr(text) && familyOf(text) === 6,
    is: "an IPv6 address with prefix length",
  },
  { name: "MacAddress", takes: isHardwareAddress, is: "the MAC address of an interface" },
] as const;

/**
 * What `CreateEndpoint` returned. Throws `plugin` for what is malformed, and for whatever the request has decided already, be
 * it the same (moby, `libnetwork/drivers/remote`).
 */
export function readChosenInterface(called: Called, answer: Fields, requested: RequestedInterface): ChosenInterface {
  const found = fieldOf(answer, "Interface") ?? {};
  if (!isFields(found)) throw failed(called, `Interface is ${quoted(found)}, which is no object`);
  const [address, address6, mac] = fields.map(({ name, takes, is }) => {
    const value = fieldOf(found, name) ?? "";
    if (value === "") return "";
    if (requested[name] !== "")
      throw failed(
        called,
        `it replied with ${name} ${quoted(value)}, and the request had said ${quoted(requested[name])}`,
      );
    if (typeof value !== "string" || !takes(value))
      throw failed(called, `${name} is ${quoted(value)}, which is not ${is}`);
    return value;
  });
  return {
    addresses: [address, address6].filter((one) => one !== undefined && one !== "") as readonly string[],
    ...(mac ? { mac: mac.toLowerCase() } : {}),
  };
}
