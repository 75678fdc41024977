import type { Network } from "../../api/index.js";
import type { NetworkRow, Routing, Store } from "../../contracts/index.js";
import { foundBefore } from "../rows/found-before.js";
import { openedChains } from "../rows/opened-chains.js";

/** What a network's resources depend on and the host decides: it changes under a network that is in use. */
export type HostFacts = Pick<Network, "uplinks" | "egressMtu" | "forwarding6" | "passages">;

/** As they are now, and would be without tsd. */
export function readFacts(store: Store, host: Routing, networks = store.networks.list()): HostFacts {
  const forwards = host.forwarding6();
  // What the first network made of the whole host is no choice of the host's, which the next would leave alone.
  const forwarding6 = forwards && foundBefore(store, "net/ipv6/conf/all/forwarding") !== "0";
  const passages = openedChains(store);
  return {
    ...host.waysOut(linksOf(networks)),
    ...(forwarding6 === undefined ? {} : { forwarding6 }),
    ...(passages.length === 0 ? {} : { passages }),
  };
}

/** The network on a host of which these are true. A host without a way out says nothing of how wide the next will be. */
export function withFacts(network: Network, facts: HostFacts): Network {
  const { forwarding6: _forwarding6, passages: _passages, ...rest } = network;
  return { ...rest, ...facts };
}

/** True where nothing changed of what {@link withFacts} would say; whether uplinks forward is tsd's own doing. */
export function sameFacts(a: HostFacts, b: HostFacts): boolean {
  const names = ({ uplinks }: HostFacts): string => uplinks.map(({ name }) => name).join("/");
  const isByInterface = ({ forwarding6 }: HostFacts): boolean => forwarding6 === undefined;
  return (
    names(a) === names(b) &&
    JSON.stringify(a.passages) === JSON.stringify(b.passages) &&
    isByInterface(a) === isByInterface(b) &&
    (b.egressMtu === undefined || a.egressMtu === b.egressMtu)
  );
}

/** What changed for a network, in words; undefined for nothing. */
export function factsWords(network: HostFacts, now: HostFacts): string {
  const missing = (from: HostFacts, those: HostFacts): readonly string[] =>
    from.uplinks.map(({ name }) => name).filter((name) => !those.uplinks.some((uplink) => uplink.name === name));
  return [
    ...missing(now, network).map((name) => `uplink ${name} is new, and does not serve it`),
    ...missing(network, now).map((name) => `${name} is no uplink any more`),
    ...(now.egressMtu === undefined || now.egressMtu === network.egressMtu
      ? []
      : [`the way out has MTU ${now.egressMtu} in place of ${network.egressMtu ?? "none"}`]),
    ...(JSON.stringify(network.passages) === JSON.stringify(now.passages)
      ? []
      : ["chains of others that tsd was told to open are not the same any more"]),
  ].join("; ");
}

/** What a parameter of an uplink was called before that got another name, for all others what it is. */
export function formerKeys(before: HostFacts, now: HostFacts): (key: string) => string {
  const former = new Map(
    now.uplinks.flatMap(({ name, index }) => {
      const same = before.uplinks.find((uplink) => index !== undefined && uplink.index === index);
      return same === undefined || same.name === name ? [] : [[name, same.name] as const];
    }),
  );
  // net/FAMILY/conf/LINK/…
  return (key) =>
    key
      .split("/")
      .map((part, at) => (at === 3 ? (former.get(part) ?? part) : part))
      .join("/");
}

/** Interfaces on the host that tsd made for networks. Those of endpoints, which are many, lead nowhere else. */
function linksOf(networks: readonly NetworkRow[]): ReadonlySet<string> {
  const resources = networks.flatMap((row) => row.resources);
  return new Set(resources.flatMap((resource) => (resource.kind === "link" ? [resource.name] : [])));
}
