import { type Endpoint, familyOf, type Network, type NetworkDriver, type Resource, TsdError } from "@tsdnet/tsd/api";

/**
 * Each container has a link to the host alone, and the host routes between them. A driver changes nothing itself: it returns
 * what must exist, in the order in which it can be made. tsd makes, checks, repairs and removes it.
 */
export const driver: NetworkDriver = {
  type: "my-driver",
  capabilities: { needsIpam: true, publishes: false, namespace: "own", singleton: false },

  /** Options of `tsd network create -o KEY=VALUE`: return them all, or refuse. */
  parseOptions(raw) {
    for (const [key, value] of Object.entries(raw)) {
      if (key !== "mtu") throw invalid(`driver my-driver has no option "${key}"`, "Its only option is mtu.");
      if (!/^\d{3,5}$/.test(value))
        throw invalid(`mtu "${value}" is not a number of bytes`, "Write for example mtu=1400.");
    }
    return raw;
  },

  /** Options of `--driver-opt`, for one container. */
  parseEndpointOptions(raw) {
    const [key] = Object.keys(raw);
    if (key !== undefined) throw invalid(`driver my-driver has no option "${key}" for containers`, "Leave it out.");
    return raw;
  },

  /** What the network itself needs: nothing here, since every container brings its own link. */
  network({ name, subnets }) {
    if (subnets.every(({ cidr }) => familyOf(cidr) === 4)) return [];
    throw invalid(`network "${name}" has a subnet of IPv6, which driver my-driver does not know`, "Use IPv4 alone.");
  },

  /** What one container needs. `netns` says where something is made; without it that is the host. */
  endpoint({ subnets, options, internal }: Network, { id, netns, interface: link, mac, addresses, metric }: Endpoint) {
    const { cidr = "", gateway = "" } = subnets[0] ?? {};
    const address = addresses[0]?.split("/")[0] ?? "";
    const host = hostEnd(id);
    const resources: readonly Resource[] = [
      { kind: "link", type: "veth", ...host, ...mtuOf(options), peer: { netns, name: link, mac } },
      { kind: "address", link: host.name, address: `${gateway}/32` },
      { kind: "route", link: host.name, destination: `${address}/32` },
      { kind: "sysctl", key: `net/ipv4/conf/${host.name}/forwarding`, value: "1" },
      { kind: "address", netns, link, address: `${address}/32` },
      { kind: "route", netns, link, destination: `${gateway}/32` },
      { kind: "route", netns, link, destination: cidr, gateway },
    ];
    // An internal network leads nowhere else; and of several networks, tsd decides which has the default route.
    const isWayOut = !internal && metric !== undefined;
    return isWayOut
      ? [...resources, { kind: "route", netns, link, destination: "0.0.0.0/0", gateway, metric }]
      : resources;
  },
};

/** By its hardware address tsd knows the link again, so it follows from the id. A name has at most 15 characters. */
function hostEnd(id: string): { readonly name: string; readonly mac: string } {
  const digits = [0, 2, 4, 6, 8].map((at) => id.slice(at, at + 2));
  return { name: `rt${id.slice(0, 11)}`, mac: ["02", ...digits].join(":") };
}

function mtuOf({ mtu }: Network["options"]): { readonly mtu?: number } {
  return mtu === undefined ? {} : { mtu: Number(mtu) };
}

function invalid(message: string, hint: string): TsdError {
  return new TsdError({ kind: "invalid-input", code: "MY_DRIVER_INVALID", message, hint });
}
