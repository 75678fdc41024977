import ipaddr from "ipaddr.js";
import type { OptionTable } from "./option-table.js";
import { booleanOption, interfaceOption } from "./option-table.js";

export const gatewayModes = ["nat", "routed", "isolated"] as const;

const gatewayMode = {
  valid: (value: string): boolean => gatewayModes.some((mode) => mode === value),
  expected: "nat, routed or isolated",
};

/** What `-o` takes: docker's long keys and shorter ones. */
export const bridgeOptions: OptionTable = {
  flag: "-o",
  options: [
    { names: ["name", "com.docker.network.bridge.name"], ...interfaceOption },
    {
      names: ["mtu", "com.docker.network.driver.mtu"],
      valid: (value) => value === "auto" || (/^\d{1,5}$/.test(value) && Number(value) >= 68 && Number(value) <= 65535),
      expected: "auto or a number of bytes from 68 to 65535",
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
    {
      names: ["iface_prefix", "com.docker.network.container_iface_prefix"],
      // Three digits may follow.
      valid: (value) => /^[A-Za-z][A-Za-z0-9_.-]{0,11}$/.test(value),
      expected: "the beginning of an interface name, at most 12 characters",
    },
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

function isIPv4(value: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(value);
}

/** Without zone, and no second name for an IPv4 address. */
function isIPv6(value: string): boolean {
  return ipaddr.IPv6.isValid(value) && !value.includes("%") && !ipaddr.IPv6.parse(value).isIPv4MappedAddress();
}
