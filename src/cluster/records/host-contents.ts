import type { ClusterRecord } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { parseContentKey } from "./keys.js";
import { untilWon } from "./races.js";
import type { Scope } from "./scope.js";
import { readEndpoint, readName } from "./values.js";

/** Removals of one commit. */
const AT_ONCE = 100;

/** Members go last: until then others see the host, and none takes its blocks for those of one that left. */
const order = ["endpoints", "held", "blocks", "members"];

/** Removes what a host has below `prefix`: of all networks or of one. */
export async function removeContents(scope: Scope, host: string, prefix: string): Promise<void> {
  const { state, keys } = scope;
  await untilWon(state.place, `to remove what host ${host} has`, async () => {
    const { records } = await state.read(prefix);
    const own = records.filter((record) => holderOf(scope, record) === host);
    const rank = ({ key }: ClusterRecord) => order.indexOf(parseContentKey(keys, key)?.kind ?? "");
    own.sort((a, b) => rank(a) - rank(b));
    for (let at = 0; at < own.length; at += AT_ONCE) {
      const some = own.slice(at, at + AT_ONCE);
      const outcome = await state.commit({
        // What another host has claimed meanwhile stays.
        require: some.map(({ key, modified }) => ({ key, modified })),
        put: [],
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
