import type { Endpoint, Sysctl } from "../../api/index.js";
import type { OptionTable } from "./option-table.js";
import { interfaceOption } from "./option-table.js";

/** `net.ipv4.conf.IFNAME.log_martians=1`; what is not the interface's own would outlive it. */
const sysctl = /^(net(?:\.[A-Za-z0-9_-]+)*\.IFNAME(?:\.[A-Za-z0-9_-]+)+)=(\S+)$/;

/** What `--driver-opt` takes: docker's long keys and shorter ones. */
export const endpointOptions: OptionTable = {
  flag: "--driver-opt",
  options: [
    { names: ["ifname", "interface_name", "com.docker.network.endpoint.ifname"], ...interfaceOption },
    { names: ["host_ifname", "host_interface_name"], ...interfaceOption },
    {
      names: ["sysctls", "com.docker.network.endpoint.sysctls"],
      valid: (value) => value.split(",").every((item) => sysctl.test(item)),
      expected: "a list like net.ipv4.conf.IFNAME.log_martians=1,net.ipv6.conf.IFNAME.accept_ra=2",
    },
  ],
};

/** The parameters that the user sets for the endpoint's interface. */
export function ownSysctls({ netns, interface: link, options }: Endpoint): readonly Sysctl[] {
  return (options?.sysctls ?? "").split(",").flatMap((item) => {
    const [, dotted, value] = sysctl.exec(item) ?? [];
    if (dotted === undefined || value === undefined) return [];
    const key = dotted.split(".").map((part) => (part === "IFNAME" ? link : part));
    return { kind: "sysctl", netns, key: key.join("/"), value };
  });
}
