/** A line of the residue without what is left to chance: ids, names made of them or drawn (veths of CNI), drawn MAC addresses, moments, counters. */
export function withoutChance(line: string): string {
  return line
    .replace(/^process \d+/, "process")
    .replaceAll(/"(packets|bytes)":\d+/g, '"$1":#')
    .replace(/(owner_pid|owner_start|pid|created|updated)=\S+/g, "$1=#")
    .replaceAll(/\b([0-9a-f]{2}:){5}[0-9a-f]{2}\b/g, "#:#")
    .replaceAll(/[0-9a-f]{11,}/g, "#")
    .replaceAll(/\bveth[0-9a-f]{8}\b/g, "veth#");
}
