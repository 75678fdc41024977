import {
  type Facts,
  type HostView,
  isWithin,
  type Network,
  type Peer,
  TsdError,
  withoutPrefix,
} from "../../api/index.js";

/** Links of the host that have addresses, as it was when the network was planned. */
interface UnderlayFacts extends Facts {
  readonly links: readonly { readonly name: string; readonly addresses: readonly string[] }[];
}

/** Only where packets for other hosts go by a link as they are. */
export function observeUnderlay(host: HostView, { options }: Pick<Network, "options">): Facts {
  if (options.mode !== "hostgw") return {};
  const links = host.links().map(({ name, addresses }) => ({ name, addresses }));
  return { links: links.filter(({ addresses }) => addresses.length > 0) } satisfies UnderlayFacts;
}

/** The link by which this host reaches the others, and its address there with prefix length; undefined for none. */
export function underlayOf({ facts, cluster }: Network): { readonly link: string; readonly cidr: string } | undefined {
  const { links = [] } = (facts ?? {}) as Partial<UnderlayFacts>;
  for (const { name, addresses } of links) {
    const cidr = addresses.find((address) => withoutPrefix(address) === cluster?.address);
    if (cidr !== undefined) return { link: name, cidr };
  }
  return undefined;
}

/** The link by which a peer is reached without a router between. Throws `conflict` where there is none. */
export function wayTo(network: Network, { host, address }: Pick<Peer, "host" | "address">): string {
  const underlay = underlayOf(network);
  if (underlay !== undefined && isWithin(address, underlay.cidr)) return underlay.link;
  const { name, cluster } = network;
  throw new TsdError({
    kind: "conflict",
    code: "TSD_PEER_FAR",
    message: `network "${name}" has mode=hostgw, and host ${host} (${address}) is not on the link of ${underlay?.cidr ?? cluster?.address}`,
    hint: "Create the network with mode=routed, which needs no common link.",
    details: { network: name, host, address },
  });
}
