import type { RestartPolicy } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";

/** Milliseconds of Go's units of time. */
const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Milliseconds of a time in Go's notation: `1m30s`, `500ms`, `1.5h`, `0`. */
export function parseDuration(flag: string, text: string): number {
  const isWhole = /^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text);
  if (!isWhole && text !== "0") throw invalid(flag, text, "a time", "30s, 500ms or 1m30s");
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  return parts.reduce((sum, [, number, unit = ""]) => sum + Number(number) * (units[unit] ?? 0), 0);
}

/** A whole number that is not negative. */
export function parseCount(flag: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw invalid(flag, text, "a whole number", "3");
}

/** Seconds; docker's −1 stands for ever. */
export function parseStopTimeout(text: string): number {
  if (/^(-1|\d{1,9})$/.test(text)) return Number(text);
  throw invalid("stop-timeout", text, "a number of seconds", "10, or -1 to wait for ever");
}

/** `on-failure:3`. Which policies there are, the library says. */
export function parseRestartPolicy(text: string): RestartPolicy {
  const [name = "", retries, ...rest] = text.split(":");
  if (rest.length > 0 || (retries !== undefined && !/^\d{1,9}$/.test(retries)))
    throw invalid("restart", text, "a restart policy", "on-failure:3, always or unless-stopped");
  const policy = { name: name || "no", ...(retries === undefined ? {} : { retries: Number(retries) }) };
  return policy as RestartPolicy;
}

function invalid(flag: string, value: string, expected: string, example: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_FLAG_INVALID",
    message: `--${flag} "${value}" is not ${expected}`,
    hint: `Write for example ${example}.`,
    details: { flag, value },
  });
}
