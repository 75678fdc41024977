/** What of the machine bounds a container's limits: numbers of processors and memory nodes that are there. */
export interface MachineBounds {
  readonly processors: readonly number[];
  readonly memoryNodes: readonly number[];
}

/** The list format of cpuset(7), as ranges; undefined for what is none. */
export function parseSet(text: string): readonly (readonly [first: number, last: number])[] | undefined {
  if (!/^\d{1,6}(-\d{1,6})?(,\d{1,6}(-\d{1,6})?)*$/.test(text)) return undefined;
  const ranges = text.split(",").map((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return [first, last] as const;
  });
  return ranges.every(([first, last]) => first <= last) ? ranges : undefined;
}
