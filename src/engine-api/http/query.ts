import { refusal } from "./refusal.js";

/** What follows the `?` of a URL. Keys that no handler asks for are ignored, as docker does. */
export class Query {
  constructor(private readonly values: URLSearchParams) {}

  /** Undefined where it is missing or empty. */
  text(key: string): string | undefined {
    return this.values.get(key) || undefined;
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
   * A time as docker's clients send it: seconds since 1970 with up to nine digits behind the point, or RFC 3339. Undefined where it
   * is missing or 0. Throws 400.
   */
  time(key: string): Date | string | undefined {
    const text = this.text(key);
    if (text === undefined || text === "0") return undefined;
    const [, seconds, fraction = ""] = /^(\d{1,12})(?:\.(\d{0,9}))?\d*$/.exec(text) ?? [];
    if (seconds === undefined) {
      if (Number.isNaN(Date.parse(text))) throw refusal(400, `${key} is no time: ${JSON.stringify(text.slice(0, 60))}`);
      return text;
    }
    const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
    return fraction === "" ? new Date(Number(seconds) * 1000) : `${whole}.${fraction.padEnd(9, "0")}Z`;
  }

  /** The `filters` of a list: `{"label":["a=b"]}`, or the older `{"label":{"a=b":true}}`. Throws 400. */
  filters(): Readonly<Record<string, readonly string[]>> {
    const text = this.text("filters");
    if (text === undefined) return {};
    const read = readFilters(text);
    if (read === undefined) throw refusal(400, "invalid filter");
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
