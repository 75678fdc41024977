import type { ClusterRecord, ClusterState } from "../../contracts/index.js";

/** Records of one reading, and of one host: what it writes beyond that keeps no other's from being read. */
const MOST_READ = 128;
export const MOST_OF_HOST = 64;
/** Readings for one question. */
const READINGS = 8;

/** Hosts whose records count. */
export interface Counted {
  has(host: string): boolean;
  /** Looked through where there is more than one reading has. */
  all(): Iterable<string>;
}

interface SharedReading {
  readonly records: readonly ClusterRecord[];
  /** False: there is more, of one host or of more hosts. */
  readonly isWhole: boolean;
}

/** Some records of each host below a prefix, whose keys go on with the name of a host. */
export async function readShared(
  state: Pick<ClusterState, "read">,
  prefix: string,
  hosts: Counted,
): Promise<SharedReading> {
  const found: ClusterRecord[] = [];
  const counts = new Map<string, number>();
  let from: string | undefined;
  for (let reading = 0; reading < READINGS; reading++) {
    const { records, total } = await state.read(prefix, MOST_READ, from);
    for (const record of records) {
      const host = hostOf(record, prefix);
      const count = counts.get(host) ?? 0;
      counts.set(host, count + 1);
      if (count < MOST_OF_HOST && hosts.has(host)) found.push(record);
    }
    const last = records.at(-1);
    from = last === undefined || total <= records.length ? undefined : placeAfter(last, { prefix, counts, hosts });
    if (from === undefined) {
      const isCut = [...counts].some(([host, count]) => count >= MOST_OF_HOST && hosts.has(host));
      return { records: found, isWhole: !isCut };
    }
  }
  return { records: found, isWhole: false };
}

/** Where to go on: at the next host that counts, unless the last one is to have more. Undefined where there is none. */
function placeAfter(
  last: ClusterRecord,
  {
    prefix,
    counts,
    hosts,
  }: { readonly prefix: string; readonly counts: ReadonlyMap<string, number>; readonly hosts: Counted },
): string | undefined {
  const host = hostOf(last, prefix);
  if (hosts.has(host) && (counts.get(host) ?? 0) < MOST_OF_HOST) return `${last.key}\0`;
  let next: string | undefined;
  for (const name of hosts.all()) {
    const place = `${prefix}${name}/`;
    if (name !== host && place > last.key && (next === undefined || place < next)) next = place;
  }
  return next;
}

function hostOf({ key }: ClusterRecord, prefix: string): string {
  return key.slice(prefix.length).split("/", 1)[0] ?? "";
}
