import {
  booleanOption,
  ifacePrefixOption,
  interfaceOption,
  mtuOption,
  type OptionTable,
  wordOption,
} from "../../api/index.js";
import { isIPv4, isIPv6 } from "../switched/valid-address.js";

export const overlayModes = ["routed", "l2", "hostgw"] as const;

const numberFrom = (min: number, max: number, what: string) => ({
  valid: (value: string) => /^\d{1,8}$/.test(value) && Number(value) >= min && Number(value) <= max,
  expected: `${what} from ${min} to ${max}`,
});

/** What `-o` takes. */
export const overlayOptions: OptionTable = {
  of: "the overlay driver",
  flag: "-o",
  options: [
    { names: ["mode"], ...wordOption(...overlayModes) },
    { names: ["name", "com.docker.network.bridge.name"], ...interfaceOption },
    {
      names: mtuOption.names,
      valid: (value, key) => value === "auto" || mtuOption.valid(value, key),
      expected: `auto or ${mtuOption.expected}`,
    },
    { names: ["port"], ...numberFrom(1, 65_535, "a UDP port") },
    // RFC 7348 §5: 24 bits; 0 has a meaning of its own in the kernel.
    { names: ["vni", "com.docker.network.driver.overlay.vxlanid_list"], ...numberFrom(1, 16_777_215, "a number") },
    { names: ["block"], ...numberFrom(8, 30, "a prefix length") },
    { names: ["block_ipv6"], ...numberFrom(32, 126, "a prefix length") },
    { names: ["encrypted"], ...booleanOption },
    { names: ["masquerade", "ip_masq"], ...booleanOption },
    { names: ["icc"], ...booleanOption },
    { names: ["isolate"], ...booleanOption },
    { names: ["antispoof"], ...booleanOption },
    { names: ["gateway_mode"], ...wordOption("nat", "routed") },
    {
      names: ["host_binding", "host_binding_ipv4"],
      valid: (value, key) => isIPv4(value) || (isIPv6(value) && !key.endsWith("_ipv4")),
      expected: "an IP address, of IPv4 where the key says so",
    },
    ifacePrefixOption,
  ],
};
