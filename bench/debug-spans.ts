/** What the time of a command is spent for. */
export const parts = [
  "start, until the first step",
  "store",
  "network",
  "files and mounts",
  "programs: conmon, the runtime, nft",
  "tsd's own code between steps",
  "end, after the last step",
] as const;

export type Part = (typeof parts)[number];

/** By the other side, as `--debug` names it. */
const partOf: Readonly<Record<string, Part>> = {
  store: "store",
  netlink: "network",
  link: "network",
  sysctl: "network",
  netns: "network",
  file: "files and mounts",
  mount: "files and mounts",
  program: "programs: conmon, the runtime, nft",
  process: "programs: conmon, the runtime, nft",
};

interface Span {
  readonly begin: number;
  readonly end: number;
  readonly part: Part;
}

/** Shares a command's `took` milliseconds out among the parts, by the lines that it wrote with `--debug`. */
export function splitTime(said: string, took: number): Readonly<Record<Part, number>> {
  const spans = said.split("\n").flatMap(readSpan);
  const spent = Object.fromEntries(parts.map((part) => [part, 0])) as Record<Part, number>;
  const first = Math.min(took, ...spans.map(({ begin }) => begin));
  const last = Math.max(first, ...spans.map(({ end }) => end));
  spent["start, until the first step"] = first;
  spent["end, after the last step"] = Math.max(0, took - last);
  const moments = [...new Set(spans.flatMap(({ begin, end }) => [begin, end]))].sort((a, b) => a - b);
  for (const [at, moment] of moments.entries()) {
    const next = moments[at + 1] ?? moment;
    const open = spans.filter(({ begin, end }) => begin <= moment && end >= next);
    const latest = open.sort((a, b) => b.begin - a.begin)[0];
    spent[latest?.part ?? "tsd's own code between steps"] += next - moment;
  }
  return spent;
}

/** `tsd: debug: 54.5 ms ! store (3.5 ms) transaction` is a step that began at 51.0 ms. */
function readSpan(line: string): readonly Span[] {
  const [, end, into, duration] = /^tsd: debug: ([\d.]+) ms [!?] (\w+) \(([\d.]+) ms\)/.exec(line) ?? [];
  const part = partOf[into ?? ""];
  if (part === undefined) return [];
  return [{ begin: Number(end) - Number(duration), end: Number(end), part }];
}
