import {
  booleanOption,
  ifacePrefixOption,
  interfaceOption,
  mtuOption,
  type OptionTable,
  wordOption,
} from "../../api/index.js";
import { gatewayModes } from "../switched/switch-settings.js";
import { isIPv4, isIPv6 } from "../switched/valid-address.js";

const gatewayMode = wordOption(...gatewayModes);

/** What `-o` takes: docker's long keys and shorter ones. */
export const bridgeOptions: OptionTable = {
  of: "the bridge driver",
  flag: "-o",
  options: [
    { names: ["name", "com.docker.network.bridge.name"], ...interfaceOption },
    {
      names: mtuOption.names,
      valid: (value, key) => value === "auto" || mtuOption.valid(value, key),
      expected: `auto or ${mtuOption.expected}`,
    },
    { names: ["masquerade", "ip_masq", "com.docker.network.bridge.enable_ip_masquerade"], ...booleanOption },
    { names: ["icc", "com.docker.network.bridge.enable_icc"], ...booleanOption },
    { names: ["isolate"], ...booleanOption },
    { names: ["antispoof"], ...booleanOption },
    { names: ["gateway_mode"], ...gatewayMode },
    { names: ["gateway_mode_ipv4", "com.docker.network.bridge.gateway_mode_ipv4"], ...gatewayMode },
    { names: ["gateway_mode_ipv6", "com.docker.network.bridge.gateway_mode_ipv6"], ...gatewayMode },
    {
      names: ["host_binding", "host_binding_ipv4", "com.docker.network.bridge.host_binding_ipv4"],
      valid: (value, key) => isIPv4(value) || (isIPv6(value) && !key.endsWith("_ipv4")),
      expected: "an IP address, of IPv4 where the key says so",
    },
    { names: ["outbound_addr4", "com.docker.network.host_ipv4"], valid: isIPv4, expected: "an IPv4 address" },
    { names: ["outbound_addr6", "com.docker.network.host_ipv6"], valid: isIPv6, expected: "an IPv6 address" },
    ifacePrefixOption,
    {
      names: ["advertise_addr_nmsgs", "com.docker.network.advertise_addr_nmsgs"],
      valid: (value) => /^[0-3]$/.test(value),
      expected: "a number of announcements from 0 to 3",
    },
    {
      names: ["advertise_addr_ms", "com.docker.network.advertise_addr_ms"],
      valid: (value) => /^\d{3,4}$/.test(value) && Number(value) >= 100 && Number(value) <= 2000,
      expected: "a number of milliseconds from 100 to 2000",
    },
    { names: ["adopt"], ...booleanOption },
  ],
};
