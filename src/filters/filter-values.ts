import { TsdError } from "../errors/tsd-error.js";
import { linearPattern } from "./pattern/linear-pattern.js";

/**
 * Names and ids match a regular expression, anywhere in them unless it says `^` or `$`. docker keeps names of containers
 * behind a slash, and scripts write it: `^/web$`.
 */
export function patternFilter(key: string, value: string): (text: string) => boolean {
  const [, ignoreCase, source = ""] = /^(\(\?i\))?(.*)$/s.exec(value) ?? [];
  let matches: (text: string) => boolean;
  try {
    matches = linearPattern(source, { ignoreCase: ignoreCase !== undefined });
  } catch {
    throw invalidFilter(key, value, { expected: "a regular expression", hint: `Write for example ${key}=^web$.` });
  }
  return (text) => matches(text) || matches(`/${text}`);
}

/** One of some words. */
export function wordFilter<Word extends string>(key: string, value: string, words: readonly Word[]): Word {
  const word = words.find((known) => known === value.toLowerCase());
  if (word !== undefined) return word;
  throw invalidFilter(key, value, {
    expected: `one of ${words.join(", ")}`,
    hint: `Write for example ${key}=${words[0]}.`,
  });
}

/** `true` or `false`, in the spellings of Go's `strconv.ParseBool`. */
export function switchFilter(key: string, value: string): boolean {
  if (/^(1|t|true)$/i.test(value)) return true;
  if (/^(0|f|false)$/i.test(value)) return false;
  throw invalidFilter(key, value, { expected: "true or false", hint: `Write ${key}=true.` });
}

export function numberFilter(key: string, value: string): number {
  if (/^-?\d{1,9}$/.test(value)) return Number(value);
  throw invalidFilter(key, value, { expected: "a number", hint: `Write for example ${key}=0.` });
}

/** `PORT[-END][/PROTOCOL]`, tcp unless it says otherwise: whether `80/tcp` is among them. */
export function portFilter(key: string, value: string): (port: string) => boolean {
  const [, from, to = from, protocol = "tcp"] = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp|sctp))?$/i.exec(value) ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (!(first >= 1 && first <= last && last <= 65_535)) {
    throw invalidFilter(key, value, {
      expected: "a port",
      hint: `Write for example ${key}=80 or ${key}=8000-8010/udp.`,
    });
  }
  return (port) => {
    const [number, of] = port.split("/");
    return of === protocol.toLowerCase() && Number(number) >= first && Number(number) <= last;
  };
}

function invalidFilter(
  key: string,
  value: string,
  { expected, hint }: { readonly expected: string; readonly hint: string },
): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_FILTER_VALUE",
    message: `the filter ${key}="${value}" is not ${expected}`,
    hint,
    details: { key, value },
  });
}
