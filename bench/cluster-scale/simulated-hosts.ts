import { commit, type Operation } from "./gateway.ts";

/** Hosts in a transaction: three records each, and etcd takes 128 operations. */
const PER_TRANSACTION = 40;
/** Of each block, in a /10. */
const ADDRESSES = 64;

/** Where the simulated hosts' records are. */
export interface Place {
  readonly urls: readonly string[];
  readonly cluster: string;
  /** Id of the network. */
  readonly network: string;
}

/** The records of a host that is nothing but records (docs/cluster.md): its own, one as a member of the network, and a block. */
export function recordsOf({ cluster, network }: Place, number: number): readonly Operation[] {
  const name = `sim${number}`;
  const address = `100.${64 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`;
  const mac = `02:00:00:${[number >> 16, number >> 8, number].map((byte) => (byte & 255).toString(16).padStart(2, "0")).join(":")}`;
  const host = { address, epoch: name, joined: "2026-01-01T00:00:00.000Z", version: "0.1.0" };
  return [
    { key: `/tsd/${cluster}/hosts/${name}`, value: JSON.stringify(host) },
    {
      key: `/tsd/${cluster}/network/${network}/members/${name}`,
      value: JSON.stringify({ address, mac, epoch: name, isUsed: true }),
    },
    { key: `/tsd/${cluster}/network/${network}/blocks/${blockOf(number)}_26`, value: JSON.stringify(name) },
  ];
}

/** Behind the first 64 blocks of 10.64.0.0/10, which are the real host's to claim. */
function blockOf(number: number): string {
  return addressIn(number, 0);
}

/** One of the addresses of a host's block. */
export function addressIn(number: number, offset: number): string {
  const first = (number + 64) * ADDRESSES + offset;
  return `10.${64 + (first >> 16)}.${(first >> 8) & 255}.${first & 255}`;
}

/** Writes those of hosts up to `count`, and returns how many transactions a second etcd made of it. */
export async function writeHosts(place: Place, count: number): Promise<number> {
  const begun = performance.now();
  const transactions = Math.ceil(count / PER_TRANSACTION);
  let next = 0;
  const work = async (url: string): Promise<void> => {
    while (next < transactions) {
      const at = next++ * PER_TRANSACTION;
      const numbers = Array.from({ length: Math.min(PER_TRANSACTION, count - at) }, (_, offset) => at + offset);
      await commit(
        url,
        numbers.flatMap((number) => recordsOf(place, number)),
      );
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, at) => work(place.urls[at % place.urls.length] ?? "")));
  return (transactions / (performance.now() - begun)) * 1000;
}
