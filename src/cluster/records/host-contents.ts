import type { ClusterRecord, EndpointRecord } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { type ClaimingHost, findHost } from "./claiming-host.js";
import { parseContentKey } from "./keys.js";
import { untilWon } from "./races.js";
import { put, type Scope } from "./scope.js";
import { isHexId, readEndpoint, readName } from "./values.js";

/** Removals of one commit. */
const AT_ONCE = 100;

/** Members go last: until then others see the host, and none takes its blocks for those of one that left. */
const order = ["endpoints", "held", "blocks", "members"];

/**
 * Removes what a host has of one network, or of all. What another host of that name has stays. The host's own record is
 * written again with the last removal: what its agent has sent by then requires the record as it was, and so comes too late.
 */
export async function removeContents(scope: Scope, host: ClaimingHost, networkId?: string): Promise<void> {
  const { state, keys } = scope;
  await untilWon(state.place, `to remove what host ${host.name} has`, async () => {
    const own = await findHost(scope, host);
    if (own === undefined) return true;
    const { records } = await state.read(networkId === undefined ? keys.contents : keys.contentsOf(networkId));
    const held = records.filter((record) => holderOf(scope, record) === host.name);
    const rank = ({ key }: ClusterRecord) => order.indexOf(parseContentKey(keys, key)?.kind ?? "");
    held.sort((a, b) => rank(a) - rank(b));
    const ids =
      networkId === undefined ? held.map(({ key }) => parseContentKey(keys, key)?.networkId ?? "") : [networkId];
    const surplus: readonly Surplus[] = [...(await listedOn(scope, host.name, new Set(ids))), ...held];
    for (let at = 0; at === 0 || at < surplus.length; at += AT_ONCE) {
      const some = surplus.slice(at, at + AT_ONCE);
      const isLast = at + AT_ONCE >= surplus.length;
      const outcome = await state.commit({
        // What another host has claimed meanwhile stays.
        require: [
          { key: keys.host(host.name), modified: own.modified },
          ...some.flatMap(({ key, modified }) => (modified === undefined ? [] : [{ key, modified }])),
        ],
        put: isLast ? [put(keys.host(host.name), own.value)] : [],
        remove: some.map(({ key }) => key),
      });
      if (!outcome.committed) return undefined;
    }
    return true;
  });
}

interface Surplus extends Pick<ClusterRecord, "key"> {
  /** Absent for what no other host has. */
  readonly modified?: number;
}

/**
 * What the directories of these networks have under the name of the host. Copies go first: a record says which there are. Any host may
 * have written there, so that the place goes as a whole.
 */
async function listedOn(scope: Scope, host: string, ids: ReadonlySet<string>): Promise<readonly Surplus[]> {
  const { state, keys } = scope;
  const readings = await Promise.all(
    [...ids].map(async (networkId) => {
      const prefix = keys.listedOn(networkId, host);
      const { records } = await state.read(prefix);
      const copies = records.flatMap((record) => {
        const id = record.key.slice(prefix.length);
        return isHexId(id) ? keys.copiesOf({ networkId, id, ...writtenIn(scope, record), host }) : [];
      });
      return records.length === 0 ? [] : [...copies.map(({ key }) => key), prefix];
    }),
  );
  return readings.flat().map((key) => ({ key }));
}

function writtenIn(scope: Scope, record: ClusterRecord): Pick<EndpointRecord, "names" | "addresses"> {
  try {
    return scope.decode(record, readEndpoint);
  } catch (error) {
    if (TsdError.is(error)) return { names: [], addresses: [] };
    throw error;
  }
}

function holderOf(scope: Scope, record: ClusterRecord): string | undefined {
  const key = parseContentKey(scope.keys, record.key);
  try {
    if (key?.kind === "members") return key.name;
    if (key?.kind === "endpoints") return scope.decode(record, readEndpoint).host;
    return key === undefined ? undefined : scope.decode(record, readName);
  } catch (error) {
    // What another program wrote is none of this host's.
    if (TsdError.is(error)) return undefined;
    throw error;
  }
}
