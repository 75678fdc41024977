import type { Finding } from "../../api/index.js";
import type { Platform } from "../../contracts/index.js";

/** Part of a table from which on a busy moment may fill it. */
const FULL = 0.9;

/** The kernel drops the first packet of a connection that has no room in the table. */
export function fullConntrack(host: Pick<Platform, "parameter" | "tableStatistics">): readonly Finding[] {
  const [count = 0, max = 0] = ["count", "max"].map((name) =>
    Number(host.parameter(`net/netfilter/nf_conntrack_${name}`) ?? 0),
  );
  const remedy = `Give it more room: sysctl -w net.netfilter.nf_conntrack_max=${2 * max}`;
  if (max > 0 && count >= FULL * max) {
    return [
      {
        problem: `the kernel tracks ${count} connections of ${max} at most, and drops new ones when the table is full`,
        remedy: `${remedy}. Who has them: conntrack -L`,
      },
    ];
  }
  const { drop = 0 } = host.tableStatistics("nf_conntrack") ?? {};
  if (drop === 0) return [];
  return [
    {
      problem: `the kernel has dropped ${drop} packets since the boot that it could not track, as it does when its table of ${max} connections is full; now it has ${count}`,
      remedy: `Where that comes again, ${remedy.replace(/^./, (first) => first.toLowerCase())}`,
      harmless: true,
    },
  ];
}

const neighbourTables = [
  { name: "arp_cache", family: "ipv4", words: "IPv4" },
  { name: "ndisc_cache", family: "ipv6", words: "IPv6" },
] as const;

/**
 * The kernel has one table of neighbours for all namespaces of the machine, so that a container which calls a thousand addresses
 * of its own subnet can fill it. Who has no entry then is not reached.
 */
export function fullNeighbours(host: Pick<Platform, "parameter" | "tableStatistics">): readonly Finding[] {
  return neighbourTables.flatMap(({ name, family, words }) => {
    const key = `net/${family}/neigh/default/gc_thresh3`;
    const max = Number(host.parameter(key) ?? 0);
    const { entries = 0, table_fulls: refused = 0 } = host.tableStatistics(name) ?? {};
    const remedy = `sysctl -w ${key.replaceAll("/", ".")}=${8 * max}`;
    if (max > 0 && entries >= FULL * max) {
      return [
        {
          problem: `the kernel remembers ${entries} ${words} neighbours of ${max} at most, those of all containers among them, and reaches no new one when the table is full`,
          remedy: `Give it more room: ${remedy}. Who has them: ip neighbour, in the host and in containers`,
        },
      ];
    }
    if (refused === 0) return [];
    return [
      {
        problem: `the kernel found its table of ${max} ${words} neighbours full ${refused} times since the boot; now it has ${entries}`,
        remedy: `Where that comes again, give it more room: ${remedy}`,
        harmless: true,
      },
    ];
  });
}
