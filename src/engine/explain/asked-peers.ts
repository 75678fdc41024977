import { familyOf } from "../../api/address-family.js";
import { isWithin } from "../../api/driver-parts/host-address.js";
import type { EndpointPeer, Network } from "../../api/index.js";
import type { NetworkRow, PeerRow } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";
import type { NamesElsewhere } from "../names/names-elsewhere.js";
import { isStretched } from "../rows/is-stretched.js";
import type { Landscape } from "./landscape.js";
import { canonicalAddress, isAddress } from "./parse-target.js";

/** Endpoints of other hosts that these words may mean and no row has. None where other hosts cannot be asked. */
export async function askedPeers(
  { store, elsewhere }: Pick<Parts, "store" | "elsewhere">,
  words: readonly string[],
): Promise<readonly EndpointPeer[]> {
  const networks = store.networks.list().filter((row) => row.network.cluster !== undefined && !isStretched(row));
  const found = await Promise.all(
    networks.flatMap(({ id, network }) =>
      words
        .flatMap((word) => questionsAbout(word, network))
        .map((question) =>
          elsewhere.find(id, question).then(
            ({ endpoints }) => endpoints,
            () => [],
          ),
        ),
    ),
  );
  return found.flat();
}

function questionsAbout(
  word: string,
  { name: network, subnets }: Network,
): readonly ({ readonly name: string } | { readonly address: string })[] {
  if (!isAddress(word)) {
    const suffix = `.${network}`;
    return [{ name: word }, ...(word.endsWith(suffix) ? [{ name: word.slice(0, -suffix.length) }] : [])];
  }
  const address = canonicalAddress(word);
  const isOfNetwork = subnets.some(({ cidr }) => familyOf(cidr) === familyOf(address) && isWithin(address, cidr));
  return isOfNetwork ? [{ address }] : [];
}

/**
 * Rows of a network, and those of its peers that were asked for as if they had rows. They need nothing on this host. Two hosts may have
 * one id: it is their own to choose.
 */
export function withAsked(
  rows: readonly PeerRow[],
  networkId: string,
  { owner, asked }: Pick<NetworkRow, "owner"> & { readonly asked: readonly EndpointPeer[] },
): readonly PeerRow[] {
  const keyOf = ({ id, host }: Pick<EndpointPeer, "id" | "host">) => `${host} ${id}`;
  const known = new Map(rows.map((row) => [keyOf(row.peer), row]));
  for (const peer of asked.filter((one) => one.networkId === networkId && !known.has(keyOf(one))))
    known.set(keyOf(peer), { id: peer.id, state: "ready", owner, resources: [], peer });
  return [...known.values()];
}

/** What a resolver would be told that asks now. */
export function knownPeers(land: Landscape): NamesElsewhere {
  return {
    find({ networkId }, question) {
      const peers = land.facts.peers.flatMap(({ peer }) =>
        peer.kind === "endpoint" && peer.networkId === networkId ? [peer] : [],
      );
      return peers.filter(({ names, addresses }) =>
        "name" in question
          ? names.some((name) => name.toLowerCase() === question.name)
          : addresses.includes(question.address),
      );
    },
  };
}
