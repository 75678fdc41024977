import type { Ulimit } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import type { OciProcess } from "./oci-config.js";

/** The hard limits of the calling process by their names in proc_pid_limits(5); −1: none. */
export type HardLimits = Readonly<Record<string, number>>;

/** Names of ulimits, as docker has them, with those of proc_pid_limits(5). */
const limitNames: Readonly<Record<string, string>> = {
  core: "Max core file size",
  cpu: "Max cpu time",
  data: "Max data size",
  fsize: "Max file size",
  locks: "Max file locks",
  memlock: "Max locked memory",
  msgqueue: "Max msgqueue size",
  nice: "Max nice priority",
  nofile: "Max open files",
  nproc: "Max processes",
  rss: "Max resident set",
  rtprio: "Max realtime priority",
  rttime: "Max realtime timeout",
  sigpending: "Max pending signals",
  stack: "Max stack size",
};

/** Open files a program gets unasked, and how many it may ask for: systemd's defaults, and so docker's since 29. */
const OPEN_FILES = { soft: 1024, hard: 524_288 } as const;

/**
 * Limits of getrlimit(2) of a container's process. Throws `unsupported` for a hard limit that is above the caller's, unless the
 * caller may raise that.
 */
export function processLimits(ulimits: readonly Ulimit[], own: HardLimits, mayRaise: boolean): OciProcess["rlimits"] {
  const openFiles = own["Max open files"] ?? -1;
  const hard = openFiles === -1 ? OPEN_FILES.hard : Math.min(OPEN_FILES.hard, openFiles);
  const limits = new Map([["nofile", { soft: Math.min(OPEN_FILES.soft, hard), hard }]]);
  for (const { name, soft, hard: wanted } of ulimits) {
    const owned = own[limitNames[name] ?? ""] ?? -1;
    if (!mayRaise && isAbove(wanted, owned)) throw aboveOwn(name, wanted, owned);
    limits.set(name, { soft, hard: wanted });
  }
  return [...limits].map(([name, limit]) => ({ type: `RLIMIT_${name.toUpperCase()}`, ...limit }));
}

/** Reads proc_pid_limits(5). */
export function parseHardLimits(limits: string): HardLimits {
  const lines = limits.split("\n").map((line) => /^(Max .+?) {2,}\S+ +(\d+|unlimited)/.exec(line));
  return Object.fromEntries(
    lines.flatMap((match) => (match === null ? [] : [[match[1], match[2] === "unlimited" ? -1 : Number(match[2])]])),
  );
}

function isAbove(wanted: number, owned: number): boolean {
  return owned !== -1 && (wanted === -1 || wanted > owned);
}

function aboveOwn(name: string, wanted: number, owned: number): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_RUNTIME_ULIMIT",
    message: `--ulimit ${name}: tsd itself may have ${owned} at most, and ${wanted === -1 ? "no limit" : wanted} was asked for`,
    hint: `Ask for ${owned} or less, or start tsd with a higher hard limit.`,
    details: { name, wanted, owned },
  });
}
