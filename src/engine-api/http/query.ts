import { parseInstant } from "../../filters/instant.js";
import { refusal } from "./refusal.js";

/** Characters of a value, as of a path (PATH_MAX). */
const LONGEST = 4096;

/** What follows the `?` of a URL. Keys that no handler asks for are ignored, as docker does. */
export class Query {
  constructor(private readonly values: URLSearchParams) {}

  /** Undefined where it is missing or empty. Throws 400 for a longer one than any path or name is. */
  text(key: string): string | undefined {
    const text = this.values.get(key) || undefined;
    if (text !== undefined && text.length > LONGEST) throw refusal(400, `${key} has more than ${LONGEST} characters`);
    return text;
  }

  /** All values of a key that may be repeated. */
  texts(key: string): readonly string[] {
    return this.values.getAll(key);
  }

  has(key: string): boolean {
    return this.values.has(key);
  }

  /** docker's rule (`httputils.BoolValue`): these words and nothing at all are false. */
  flag(key: string): boolean {
    const value = (this.values.get(key) ?? "").trim().toLowerCase();
    return !["", "0", "no", "false", "none"].includes(value);
  }

  /** The same for a key that is true unless it says otherwise. */
  flagOr(key: string, otherwise: boolean): boolean {
    return this.values.has(key) ? this.flag(key) : otherwise;
  }

  /** Undefined where it is missing or empty. Throws 400. */
  integer(key: string): number | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    if (/^-?\d{1,15}$/.test(text)) return Number(text);
    throw refusal(400, `${key} is no whole number: ${JSON.stringify(text.slice(0, 60))}`);
  }

  /**
   * A time as docker's clients send it, seconds since 1970 with a fraction or a date, in RFC 3339 with nanoseconds. Undefined where it
   * is missing or 0. Throws `invalid-input`.
   */
  time(key: string): string | undefined {
    const text = this.text(key);
    if (text === undefined || text === "0") return undefined;
    // A number of floating point may be written with more digits than there are nanoseconds.
    return parseInstant(key, text.replace(/^(\d{1,11}\.\d{9})\d+$/, "$1"), Date.now());
  }

  /** The `filters` of a list: `{"label":["a=b"]}`, or the older `{"label":{"a=b":true}}`. Throws 400. */
  filters(): Readonly<Record<string, readonly string[]>> {
    const text = this.values.get("filters") || undefined;
    if (text === undefined) return {};
    const read = readFilters(text);
    if (read === undefined) throw refusal(400, "invalid filter");
    const isLong = Object.values(read).some((words) => words.some((word) => word.length > LONGEST));
    if (isLong) throw refusal(400, `invalid filter: a value has more than ${LONGEST} characters`);
    return read;
  }
}

function readFilters(text: string): Readonly<Record<string, readonly string[]>> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const all: [string, readonly string[]][] = [];
  for (const [key, given] of Object.entries(value)) {
    const words = typeof given === "object" && given !== null ? wordsOf(given) : undefined;
    if (words === undefined) return undefined;
    all.push([key, words]);
  }
  return Object.assign(Object.create(null), Object.fromEntries(all));
}

function wordsOf(given: object): readonly string[] | undefined {
  if (!Array.isArray(given))
    return Object.entries(given).flatMap(([word, isMeant]) => (isMeant === true ? [word] : []));
  return given.every((word): word is string => typeof word === "string") ? given : undefined;
}
