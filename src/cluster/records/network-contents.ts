import type { ClusterRecord, EndpointRecord, MemberRecord } from "../../contracts/index.js";
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

/** Blocks outside of `subnets` are not tsd's: routes would follow from them. */
export async function readContents(
  scope: Scope,
  networkId: string,
  subnets?: readonly string[],
): Promise<NetworkContents> {
  const { revision, records } = await scope.state.read(scope.keys.contentsOf(networkId));
  const members = new Map<string, Entry<MemberRecord>>();
  const blocks = new Map<string, Entry<string>>();
  const endpoints = new Map<string, Entry<EndpointRecord>>();
  const held = new Map<string, Entry<string>>();
  const unreadable: TsdError[] = [];
  const { place } = scope.state;
  for (const record of [...records].sort((a, b) => a.created - b.created)) {
    orUnreadable(unreadable, () => {
      const { kind, name } = contentKeyOf(scope, record, subnets);
      if (kind === "members") members.set(name, entryOf(place, record, readMember));
      else if (kind === "blocks") blocks.set(name, entryOf(place, record, readName));
      else if (kind === "endpoints") endpoints.set(name, entryOf(place, record, readEndpoint));
      else held.set(name, entryOf(place, record, readName));
    });
  }
  return { revision, members, blocks, endpoints, held, unreadable };
}

/** Throws `invalid-input` for a key that tsd would not write. */
function contentKeyOf(scope: Scope, { key }: Pick<ClusterRecord, "key">, subnets?: readonly string[]) {
  const parsed = parseContentKey(scope.keys, key);
  const fault = parsed === undefined ? "its key means nothing to tsd" : nameFault(parsed.kind, parsed.name, subnets);
  if (parsed === undefined || fault !== undefined) throw foreignRecord(scope.state.place, key, fault ?? "");
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
