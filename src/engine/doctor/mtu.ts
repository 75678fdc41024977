import type { Finding } from "../../api/index.js";
import type { EndpointRow, Links, NetworkRow, Routing } from "../../contracts/index.js";

/** Bytes; what the kernel gives a link that asks for nothing. */
const DEFAULT_MTU = 1500;

/** Networks whose packets are longer than the way out takes. The host's MTU may have changed since they were made. */
export function wideNetworks(host: Pick<Routing, "egressMtu">, rows: readonly NetworkRow[]): readonly Finding[] {
  const egress = host.egressMtu();
  if (egress === undefined) return [];
  return rows.flatMap(({ network: { name, internal, options }, resources }) => {
    const bridge = resources.find((one) => one.kind === "link");
    // Behind a foreign bridge, what was asked for.
    const mtu = bridge === undefined ? Number(options.mtu) : (bridge.mtu ?? DEFAULT_MTU);
    if (internal || !(mtu > egress)) return [];
    return [
      {
        problem: `network "${name}" has MTU ${mtu}, and the host's way out has ${egress}: long packets get lost where nobody says so`,
        remedy:
          (options.mtu ?? "auto") === "auto" ? "Let it follow: tsd reload" : "Recreate the network with -o mtu=auto.",
      },
    ];
  });
}

/** Bridges of others that pass shorter packets than an endpoint sends. tsd check reports tsd's own. */
export function narrowBridges(
  host: Pick<Links, "linkMtu">,
  networks: readonly NetworkRow[],
  endpoints: readonly EndpointRow[],
): readonly Finding[] {
  const own = new Set(
    networks.flatMap(({ resources }) => resources.flatMap((one) => (one.kind === "link" ? one.name : []))),
  );
  return endpoints.flatMap(({ endpoint, resources }) =>
    resources.flatMap((link) => {
      if (link.kind !== "link" || link.type !== "veth" || link.master === undefined || own.has(link.master)) return [];
      const width = host.linkMtu(link.master);
      const mtu = link.mtu ?? DEFAULT_MTU;
      if (width === undefined || width >= mtu) return [];
      return [
        {
          problem: `bridge ${link.master} has MTU ${width}, and ${endpoint.interface} behind it (${endpoint.addresses.join(", ")}) has ${mtu}: the bridge drops long packets`,
          remedy: `Widen the bridge (ip link set ${link.master} mtu ${mtu}), or recreate the network with -o mtu=${width}.`,
        },
      ];
    }),
  );
}
