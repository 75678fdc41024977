import type { PathStatus } from "../api/index.js";

/** Bits of Go's `os.FileMode` for the types and bits of stat(2). */
const types: Readonly<Record<number, number>> = {
  [0o040000]: 2 ** 31,
  [0o120000]: 2 ** 27,
  [0o060000]: 2 ** 26,
  [0o010000]: 2 ** 25,
  [0o140000]: 2 ** 24,
  [0o020000]: 2 ** 26 + 2 ** 21,
};
const bits: readonly (readonly [bit: number, go: number])[] = [
  [0o4000, 2 ** 23],
  [0o2000, 2 ** 22],
  [0o1000, 2 ** 20],
];

/** What is at a path of a container's, as docker's header `X-Docker-Container-Path-Stat` has it: JSON in base64. */
export function pathStat({ linkTarget = "", mode, modified, name, size }: PathStatus): string {
  const stat = { name, size, mode: goMode(mode), mtime: modified, linkTarget };
  return Buffer.from(JSON.stringify(stat)).toString("base64");
}

function goMode(mode: number): number {
  const type = types[mode & 0o170000] ?? 0;
  return bits.reduce((sum, [bit, go]) => ((mode & bit) === 0 ? sum : sum + go), type + (mode & 0o777));
}
