import type { ClusterChange } from "../../contracts/index.js";

/** Requirements of one change, and its writes (etcd's own `--max-txn-ops`). */
const MOST_OPERATIONS = 128;

/** Throws a plain Error for a change that etcd would refuse, which is a bug of the caller. */
export function checkChange({ require, put, remove }: ClusterChange): void {
  const most = Math.max(require.length, put.length + remove.length);
  if (most > MOST_OPERATIONS) throw new Error(`a change of ${most} operations has more than ${MOST_OPERATIONS}`);
  const keys = [...put.map(({ key }) => key), ...remove];
  const prefixes = remove.filter((key) => key.endsWith("/"));
  const isTwice = (key: string, at: number) =>
    keys.indexOf(key) !== at || prefixes.some((prefix) => prefix !== key && key.startsWith(prefix));
  const twice = keys.find(isTwice);
  if (twice !== undefined) throw new Error(`a change writes ${twice} twice`);
}
