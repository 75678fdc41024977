import type { ClusterRecord } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { type ClaimingHost, findHost } from "./claiming-host.js";
import { parseContentKey } from "./keys.js";
import { untilWon } from "./races.js";
import { put, type Scope } from "./scope.js";
import { readEndpoint, readName } from "./values.js";

/** Removals of one commit. */
const AT_ONCE = 100;

/** Members go last: until then others see the host, and none takes its blocks for those of one that left. */
const order = ["endpoints", "held", "blocks", "members"];

/**
 * Removes what a host has below `prefix`: of all networks or of one. What another host of that name has stays. The host's own record is
 * written again with the last removal: what its agent has sent by then requires the record as it was, and so comes too late.
 */
export async function removeContents(scope: Scope, host: ClaimingHost, prefix: string): Promise<void> {
  const { state, keys } = scope;
  await untilWon(state.place, `to remove what host ${host.name} has`, async () => {
    const own = await findHost(scope, host);
    if (own === undefined) return true;
    const { records } = await state.read(prefix);
    const surplus = records.filter((record) => holderOf(scope, record) === host.name);
    const rank = ({ key }: ClusterRecord) => order.indexOf(parseContentKey(keys, key)?.kind ?? "");
    surplus.sort((a, b) => rank(a) - rank(b));
    for (let at = 0; at === 0 || at < surplus.length; at += AT_ONCE) {
      const some = surplus.slice(at, at + AT_ONCE);
      const isLast = at + AT_ONCE >= surplus.length;
      const outcome = await state.commit({
        // What another host has claimed meanwhile stays.
        require: [
          { key: keys.host(host.name), modified: own.modified },
          ...some.map(({ key, modified }) => ({ key, modified })),
        ],
        put: isLast ? [put(keys.host(host.name), own.value)] : [],
        remove: some.map(({ key }) => key),
      });
      if (!outcome.committed) return undefined;
    }
    return true;
  });
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
