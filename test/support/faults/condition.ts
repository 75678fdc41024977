import type { Host } from "../lab/host.js";
import { residue } from "../lab/residue.js";

/** Cgroups are the whole machine's, and a directory of the overlay's own comes with its first mount. */
const beside = /^cgroup |^file .*\/work\/work\/$/;

/**
 * All that is on a host, with what is left to chance left out: names, so that a container made anew is like the one before,
 * and how soon the kernel sees that nobody is on a bridge.
 */
export async function condition(host: Host): Promise<string> {
  const lines = (await residue(host)).filter((line) => !beside.test(line));
  return lines.map(withoutChance).sort().join("\n");
}

/** Lines that are in one of two conditions alone. */
export function contrast(expected: string, found: string): readonly string[] {
  const [before, after] = [expected.split("\n"), found.split("\n")];
  const gone = before.filter((line) => !after.includes(line));
  return [...after.filter((line) => !before.includes(line)), ...gone.map((line) => `missing ${line}`)];
}

function withoutChance(line: string): string {
  return line
    .replace(/^process \d+/, "process")
    .replace(/^descriptor .*/, "descriptor")
    .replace(/ linkdown$/, "")
    .replace(/(owner_pid|owner_start|pid|created|updated)=\S+/g, "$1=#")
    .replaceAll(/[0-9a-f]{11,}/g, "#");
}
