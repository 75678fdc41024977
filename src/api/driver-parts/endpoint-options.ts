import type { Endpoint } from "../network.js";
import type { Sysctl } from "../resource.js";
import type { Option } from "./option-table.js";
import { interfaceOption } from "./option-table.js";

/** `net.ipv4.conf.IFNAME.log_martians=1`; what is not the interface's own would outlive it. */
const sysctl = /^(net(?:\.[A-Za-z0-9_-]+)*\.IFNAME(?:\.[A-Za-z0-9_-]+)+)=(\S+)$/;

/** The name of the host's end of an endpoint's veth, see {@link hostEnd}. */
export const hostIfnameOption: Option = { names: ["host_ifname", "host_interface_name"], ...interfaceOption };

/** What `--driver-opt` takes for endpoints of every driver, as {@link CommonOptions} say: docker's long keys and shorter ones. */
export const commonEndpointOptions: readonly Option[] = [
  { names: ["ifname", "interface_name", "com.docker.network.endpoint.ifname"], ...interfaceOption },
  {
    names: ["sysctls", "com.docker.network.endpoint.sysctls"],
    valid: (value) => value.split(",").every((item) => sysctl.test(item)),
    expected: "a list like net.ipv4.conf.IFNAME.log_martians=1,net.ipv6.conf.IFNAME.accept_ra=2",
  },
];

/**
 * The parameters of an endpoint's interface: `ours`, and those that the user sets. Where both mean the same parameter, the user's
 * value stands.
 */
export function endpointSysctls(endpoint: Endpoint, ours: readonly Sysctl[]): readonly Sysctl[] {
  return [...new Map([...ours, ...givenSysctls(endpoint)].map((one) => [one.key, one])).values()];
}

function givenSysctls({ netns, interface: link, options }: Endpoint): readonly Sysctl[] {
  return (options?.sysctls ?? "").split(",").flatMap((item) => {
    const [, dotted, value] = sysctl.exec(item) ?? [];
    if (dotted === undefined || value === undefined) return [];
    const key = dotted.split(".").map((part) => (part === "IFNAME" ? link : part));
    return { kind: "sysctl", netns, key: key.join("/"), value };
  });
}
