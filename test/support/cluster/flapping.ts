import type { Etcd } from "./etcd.js";

/** Records of one host of a cluster that does not exist, as docs/cluster.md describes them, in etcdctl's own words for a transaction. */
interface FlappingHost {
  readonly put: readonly string[];
  readonly gone: readonly string[];
}

/** etcd accepts 128 operations in a transaction. */
const HOSTS_PER_TRANSACTION = 40;

function flappingHost(network: string, number: number): FlappingHost {
  const [high, low] = [Math.floor(number / 64), number % 64];
  const address = `198.51.${100 + (number >> 8)}.${number & 255}`;
  const host = `flapping${number}`;
  const mac = `02:f1:a9:00:${high.toString(16).padStart(2, "0")}:${low.toString(16).padStart(2, "0")}`;
  const hostRecord = { address, epoch: host, joined: new Date(0).toISOString(), version: "0" };
  const member = { address, mac, epoch: host, isUsed: true };
  const contents = `/tsd/default/network/${network}`;
  const records: Readonly<Record<string, unknown>> = {
    [`/tsd/default/hosts/${host}`]: hostRecord,
    [`${contents}/members/${host}`]: member,
    [`${contents}/blocks/10.5.${128 + (number >> 2)}.${(number & 3) * 64}_26`]: host,
  };
  return {
    put: Object.entries(records).map(([key, value]) => `put ${key} ${JSON.stringify(JSON.stringify(value))}`),
    gone: Object.keys(records).map((key) => `del ${key}`),
  };
}

/** Has hosts that do not exist come and go in a network, three records each, some times over; in the end they are gone. */
export async function flap(
  etcd: Etcd,
  network: string,
  { hosts, times }: { hosts: number; times: number },
): Promise<void> {
  const all = Array.from({ length: hosts }, (_, number) => flappingHost(network, number));
  for (let time = 0; time < times; time++) {
    for (const what of ["put", "gone"] as const) {
      for (let at = 0; at < all.length; at += HOSTS_PER_TRANSACTION) {
        const lines = all.slice(at, at + HOSTS_PER_TRANSACTION).flatMap((host) => host[what]);
        await etcd.transaction(lines);
      }
    }
  }
}
