import type { ClusterRecord, EndpointRecord, MemberRecord, NetworkRecord } from "../../contracts/index.js";
import type { TsdError } from "../../errors/tsd-error.js";
import { type Cidr, contains, readCidr } from "../../ipam/cidr.js";
import { type Entry, entryOf, foreignRecord, orUnreadable } from "./decode.js";
import { parseContentKey } from "./keys.js";
import type { Scope } from "./scope.js";
import { isAddress, isHexId, isName, isSubnet, readEndpoint, readMember, readName } from "./values.js";

/** What hosts have of one network, as of one revision. */
export interface NetworkContents {
  readonly revision: number;
  /** By the name of the host. */
  readonly members: ReadonlyMap<string, Entry<MemberRecord>>;
  /** Hosts by block, in the order in which the blocks were claimed. */
  readonly blocks: ReadonlyMap<string, Entry<string>>;
  readonly endpoints: ReadonlyMap<string, Entry<EndpointRecord>>;
  /** Hosts by address. */
  readonly held: ReadonlyMap<string, Entry<string>>;
  /** What stands there and is not tsd's. */
  readonly unreadable: readonly TsdError[];
}

interface ContentsOptions {
  /** Blocks outside of them are not tsd's: routes would follow from them. */
  readonly subnets?: readonly string[] | undefined;
  /** Keys and prefixes of what is read; absent: all. A network may have a million endpoints. */
  readonly only?: readonly string[];
}

/** Of several prefixes the revision is that of the earliest reading: what changed since may be known already. */
export async function readContents(
  { state, keys }: Scope,
  networkId: string,
  { subnets, only = [keys.contentsOf(networkId)] }: ContentsOptions = {},
): Promise<NetworkContents> {
  const readings = await Promise.all(only.map((key) => state.read(key)));
  const revision = Math.min(...readings.map((reading) => reading.revision));
  const records = readings.flatMap((reading) => reading.records);
  const members = new Map<string, Entry<MemberRecord>>();
  const blocks = new Map<string, Entry<string>>();
  const endpoints = new Map<string, Entry<EndpointRecord>>();
  const held = new Map<string, Entry<string>>();
  const unreadable: TsdError[] = [];
  const { place } = state;
  for (const record of [...records].sort((a, b) => a.created - b.created)) {
    orUnreadable(unreadable, () => {
      const { kind, name } = contentKeyOf({ state, keys }, record, subnets);
      if (kind === "members") members.set(name, entryOf(place, record, readMember));
      else if (kind === "blocks") blocks.set(name, entryOf(place, record, readName));
      else if (kind === "endpoints") endpoints.set(name, entryOf(place, record, readEndpoint));
      else held.set(name, entryOf(place, record, readName));
    });
  }
  return { revision, members, blocks, endpoints, held, unreadable };
}

/** What decides which claims of a host can be met: its own membership, all blocks, and addresses that are held. */
export async function readClaims(
  scope: Scope,
  { id, subnets }: Pick<NetworkRecord, "id" | "subnets">,
  host: string,
): Promise<NetworkContents> {
  const { keys } = scope;
  return await readContents(scope, id, {
    subnets: subnets.map(({ cidr }) => cidr),
    only: [keys.member(id, host), keys.blocks(id), keys.heldAddresses(id)],
  });
}

/** Throws `invalid-input` for a key that tsd would not write. */
function contentKeyOf(
  { state, keys }: Pick<Scope, "state" | "keys">,
  { key }: Pick<ClusterRecord, "key">,
  subnets?: readonly string[],
) {
  const parsed = parseContentKey(keys, key);
  const fault = parsed === undefined ? "its key means nothing to tsd" : nameFault(parsed.kind, parsed.name, subnets);
  if (parsed === undefined || fault !== undefined) throw foreignRecord(state.place, key, fault ?? "");
  return parsed;
}

function nameFault(kind: string, name: string, subnets: readonly string[] | undefined): string | undefined {
  if (kind === "members") return isName(name) ? undefined : "its key has no name of a host";
  if (kind === "endpoints") return isHexId(name) ? undefined : "its key has no id of an endpoint";
  if (kind === "held") return isAddress(name) ? undefined : "its key has no address";
  if (!isSubnet(name)) return "its key has no block of addresses";
  const block = readCidr(name)?.cidr as Cidr;
  const isWithin = subnets?.some((subnet) => contains(readCidr(subnet)?.cidr as Cidr, block)) ?? true;
  return isWithin ? undefined : `the block is outside of ${subnets?.join(" and ")}`;
}
