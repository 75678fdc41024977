import { printable } from "../errors/printable.js";

/** What is not as it should be in one network, apart from the way to the cluster's state. */
export interface Findings {
  /** Sentences. */
  readonly conflicts: readonly string[];
  /** Records of no use, and in half a sentence why, by the end of their keys. */
  readonly ignored: ReadonlyMap<string, string>;
  /** Prefixes below which there is more than this host keeps. */
  readonly cutShort: readonly string[];
}

/** Records that are named; another host can write very many. */
const SHOWN = 5;

/** One sentence for each, and few whatever other hosts write. */
export function troublesOf({ conflicts, ignored, cutShort }: Findings): readonly string[] {
  const records = firstOf(ignored.keys()).map(
    (key) => `record ${short(key)} is ignored: ${short(ignored.get(key) ?? "")}`,
  );
  const more = ignored.size > SHOWN ? [`${ignored.size - SHOWN} more records are ignored`] : [];
  const rest = cutShort.map((prefix) => `there are more records below ${short(prefix)} than a host can follow`);
  return [...conflicts, ...records, ...more, ...rest];
}

/** The same few, in whichever order they came. */
function firstOf(keys: Iterable<string>): readonly string[] {
  let first: readonly string[] = [];
  for (const key of keys)
    if (first.length < SHOWN || key < (first.at(-1) ?? "")) first = [...first, key].sort().slice(0, SHOWN);
  return first;
}

function short(text: string): string {
  return printable(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
