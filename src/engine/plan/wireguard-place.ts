import type { ClusterPlace, Network, SpanningOptions } from "../../api/index.js";
import type { MemberRecord, Sockets } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { MemberPlace } from "../contracts/cluster.js";
import type { Parts } from "../contracts/parts.js";
import { publisherOf } from "../host-facts/wire-ports.js";
import { claimedWireguardPort, wireguardPortHolder } from "../rows/wireguard-ports.js";

/** What wg(8)'s documents use. Each network of a host needs a port of its own: further ones get those behind it. */
const FIRST_PORT = 51_820;
const LAST_PORT = 65_535;
/** Of a host's keys for a network. */
const FIRST_GENERATION = 1;

type Draft = Pick<Network, "id" | "name" | "options">;

function isEncrypted({ options }: Pick<Network, "options">): boolean {
  return (options as SpanningOptions).encrypted === "true";
}

/**
 * This host's port for an encrypted network, and which of its keys: as it was claimed in `place`, or else as it is to be claimed. Throws
 * `conflict` for a port that is taken. Undefined for a network that is not encrypted.
 */
export function wireguardPlace(
  parts: Pick<Parts, "store">,
  host: Pick<Sockets, "isPortFree">,
  { draft, place }: { readonly draft: Draft; readonly place: MemberPlace | undefined },
): ClusterPlace["wireguard"] {
  if (!isEncrypted(draft)) return undefined;
  const claimed = place?.member.wireguard?.port ?? claimedWireguardPort(parts.store, draft.id);
  const port = claimed ?? freePort(parts, host, draft);
  return { port, generation: FIRST_GENERATION };
}

/**
 * Has `claim` claim what others need of this host to reach it there. The key is drawn for that, if there is none. Where the claim of a new
 * network fails it is forgotten; of one that the cluster has, another command here may have it by now, and gc removes what none has.
 */
export async function withWireguardEnd<T>(
  keys: Parts["wireguardKeys"],
  { id, cluster }: Pick<Network, "id" | "cluster">,
  isNew: boolean,
  claim: (end: Pick<MemberRecord, "wireguard">) => Promise<T>,
): Promise<T> {
  const place = cluster?.wireguard;
  if (place === undefined) return claim({});
  const name = { network: id, generation: place.generation };
  const publicKey = await keys.publicKey(name);
  try {
    return await claim({ wireguard: { publicKey, port: place.port } });
  } catch (error) {
    if (isNew) await keys.forget(name);
    throw error;
  }
}

function freePort(
  { store }: Pick<Parts, "store">,
  host: Pick<Sockets, "isPortFree">,
  { id, name, options }: Draft,
): number {
  const holderOf = (port: number): string | undefined => wireguardPortHolder(store, { id, port });
  const isFree = (hostPort: number): boolean => host.isPortFree({ protocol: "udp", hostPort });
  const { port: text } = options as SpanningOptions;
  if (text !== undefined) {
    const port = Number(text);
    const holder = holderOf(port);
    if (holder !== undefined) throw taken(name, port, `network "${holder}" has it on this host`);
    // A published port has no socket.
    const publisher = publisherOf(store, port);
    if (publisher !== undefined) throw taken(name, port, `it is published by ${publisher}`);
    if (!isFree(port)) throw taken(name, port, "another program of this host has it");
    return port;
  }
  for (let port = FIRST_PORT; port <= LAST_PORT; port++) {
    if (holderOf(port) === undefined && publisherOf(store, port) === undefined && isFree(port)) return port;
  }
  throw taken(name, FIRST_PORT, "so are all above it on this host");
}

function taken(network: string, port: number, why: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_WIREGUARD_PORT",
    message: `network "${network}" cannot have UDP port ${port} for what it encrypts: ${why}`,
    hint: "Create the network with another, which is free on all its hosts, -o port=PORT, or without that option.",
    details: { network, port },
  });
}
