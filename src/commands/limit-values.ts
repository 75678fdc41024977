import type { Ulimit } from "../api/index.js";
import { invalidFlag } from "./flag-values.js";

/** A whole number of either sign. */
export function parseWhole(text: string, flag: string): number {
  if (/^[+-]?\d{1,15}$/.test(text)) return Number(text);
  throw invalidFlag(flag, text, { expected: "a whole number", example: "100" });
}

/** `nofile=1024:2048`; a soft limit alone is the hard one too, and −1 or `unlimited` none. */
export function parseUlimit(text: string): Ulimit {
  const [, name = "", soft = "", hard = soft] = /^([a-z]+)=([^:]+)(?::(.+))?$/.exec(text) ?? [];
  return { name, soft: limit(soft, text), hard: limit(hard, text) };
}

function limit(word: string, text: string): number {
  if (word === "unlimited") return -1;
  if (/^(-1|\d{1,15})$/.test(word)) return Number(word);
  throw invalidFlag("ulimit", text, { expected: "a limit as NAME=SOFT[:HARD]", example: "nofile=1024:2048" });
}
