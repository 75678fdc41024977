import type { Labels, RawOptions } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";

/** A flag whose values are pairs, for errors. */
interface PairFlag {
  readonly flag: string;
  readonly example: string;
}

const powers = ["", "k", "m", "g", "t"];

/** Bytes from docker's notation, in binary units: `512m`, `1.5g`, `4096`. */
export function parseMemory(text: string, flag = "memory"): number {
  const match = /^(\d+(?:\.\d+)?)\s?([kmgt]?)(?:i?b)?$/i.exec(text);
  const bytes = Math.floor(Number(match?.[1]) * 1024 ** powers.indexOf((match?.[2] ?? "").toLowerCase()));
  if (bytes > 0 && Number.isSafeInteger(bytes)) return bytes;
  throw invalidFlag(flag, text, { expected: "a size", example: "512m or 1g" });
}

/** Processors' worth of time: `1.5`. */
export function parseCpus(text: string): number {
  const cpus = /^\d*\.?\d+$/.test(text) ? Number(text) : 0;
  if (cpus > 0 && Number.isFinite(cpus)) return cpus;
  throw invalidFlag("cpus", text, { expected: "a positive number of processors", example: "0.5 or 2" });
}

/** Seconds to wait; docker's −1 means for ever. */
export function parseSeconds(text: string, example = "10, or -1 to wait for ever"): number {
  if (text === "-1") return Number.POSITIVE_INFINITY;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw invalidFlag("time", text, { expected: "a number of seconds", example });
}

/** How many lines; undefined for `all`, and as docker has it for a negative number. */
export function parseTail(text: string): number | undefined {
  if (text === "all" || /^-\d{1,9}$/.test(text)) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw invalidFlag("tail", text, { expected: "a number of lines", example: "100, or all" });
}

/** How many; undefined where nothing, or docker's −1, says that all are meant. */
export function parseCount(flag: string, text: string | undefined): number | undefined {
  if (text === undefined || text === "-1") return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw invalidFlag(flag, text, { expected: "a number", example: "5" });
}

/** `KEY=value` each; a key alone has an empty value. */
export function parseLabels(texts: readonly string[] = []): Labels {
  return Object.fromEntries(texts.map((text) => splitPair(text, { flag: "label", example: "tier=web" })));
}

/** `KEY=value` each, an equals sign in every one. */
export function parsePairs(texts: readonly string[], from: PairFlag): RawOptions {
  const pairs = texts.map((text) => {
    if (!text.includes("="))
      throw invalidFlag(from.flag, text, { expected: "a key and a value", example: from.example });
    return splitPair(text, from);
  });
  return Object.fromEntries(pairs);
}

/** `NAME=IP` each, and each name once. */
export function parseAuxiliary(texts: readonly string[]): Readonly<Record<string, string>> {
  const from = { flag: "aux-address", example: "printer=10.10.10.9" };
  const names = texts.map((text) => splitPair(text, from)[0]);
  const again = texts.find((_text, index) => names.indexOf(names[index] ?? "") !== index);
  if (again === undefined) return parsePairs(texts, from);
  throw invalidFlag(from.flag, again, { expected: "the only one of its name", example: from.example });
}

/** How much a network is wanted for the default route: a whole number, of either sign. */
export function parsePriority(text: string, flag = "gw-priority"): number {
  if (/^[+-]?\d{1,9}$/.test(text)) return Number(text);
  throw invalidFlag(flag, text, { expected: "a whole number", example: "10, or -1" });
}

/** Cuts `KEY=value` at its first equals sign. */
export function splitPair(text: string, from: PairFlag): [string, string] {
  const [key = ""] = text.split("=", 1);
  if (key === "") throw invalidFlag(from.flag, text, { expected: "a key and a value", example: from.example });
  return [key, text.slice(key.length + 1)];
}

/** The error for a value that a flag cannot have. */
export function invalidFlag(
  flag: string,
  value: string,
  { expected, example }: { readonly expected: string; readonly example: string },
): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_FLAG_INVALID",
    message: `--${flag} "${value}" is not ${expected}`,
    hint: `Write for example ${example}.`,
    details: { flag, value },
  });
}
