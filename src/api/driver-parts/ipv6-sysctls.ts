import type { Sysctl } from "../resource.js";

/**
 * What an interface of ours does with IPv6. Off where the network has none: by its link-local addresses any container
 * could talk past what was decided about the network's addresses, and advertise itself as a router to its neighbours
 * and to the host (CVE-2020-10749, CVE-2020-13401). On even where the host's default is off; its routes are those of the
 * network alone.
 */
export function ipv6Sysctls(link: string, on: boolean, netns?: string): readonly Sysctl[] {
  const set = (name: string, value: string): Sysctl => ({
    kind: "sysctl",
    ...(netns === undefined ? {} : { netns }),
    key: `net/ipv6/conf/${link}/${name}`,
    value,
  });
  return on ? [set("disable_ipv6", "0"), set("accept_ra", "0")] : [set("disable_ipv6", "1")];
}
