import type { ContainerLimits, Ulimit } from "../../api/index.js";
import { type MachineBounds, parseSet } from "../../contracts/number-set.js";
import { TsdError } from "../../errors/tsd-error.js";

const MEGABYTE = 1024 * 1024;
/** Docker's: a runtime and a program need some. */
const LEAST_MEMORY = 6 * MEGABYTE;

/** Refuses limits that mean nothing, or that this machine cannot keep. A 0 and a −1 are no limit. Throws `invalid-input`. */
export function checkLimits(limits: ContainerLimits, bounds: MachineBounds): void {
  checkMemory(limits);
  checkProcessor(limits, bounds.processors.length);
  checkSet("--cpuset-cpus", limits.cpuset, bounds.processors);
  checkSet("--cpuset-mems", limits.cpusetMems, bounds.memoryNodes);
  within("--pids-limit", limits.pidsLimit, [-1, 4_194_304]);
  if (limits.blkioWeight !== 0) within("--blkio-weight", limits.blkioWeight, [10, 1000]);
  within("--oom-score-adj", limits.oomScoreAdj, [-1000, 1000]);
  within("--shm-size", limits.shmSize, [1, Number.MAX_SAFE_INTEGER]);
  for (const ulimit of limits.ulimits ?? []) checkUlimit(ulimit);
}

function checkMemory({ memory, memorySwap, memoryReservation, memorySwappiness }: ContainerLimits): void {
  for (const [flag, bytes] of [
    ["--memory", memory],
    ["--memory-reservation", memoryReservation],
  ] as const) {
    within(flag, bytes, [0, Number.MAX_SAFE_INTEGER]);
    if (bytes && bytes < LEAST_MEMORY) throw refuse(flag, bytes, "is below the least that a container needs, 6m");
  }
  within("--memory-swap", memorySwap, [-1, Number.MAX_SAFE_INTEGER]);
  if (memorySwappiness !== -1) within("--memory-swappiness", memorySwappiness, [0, 100]);
  if (memorySwap && memorySwap > 0 && !memory)
    throw refuse("--memory-swap", memorySwap, "needs --memory beside it: it limits memory and swap together");
  if (memory && memorySwap && memorySwap > 0 && memorySwap < memory)
    throw refuse("--memory-swap", memorySwap, `is below --memory ${memory}: it limits memory and swap together`);
  if (memory && memoryReservation && memoryReservation > memory)
    throw refuse("--memory-reservation", memoryReservation, `is above --memory ${memory}`);
}

function checkProcessor({ cpus, cpuShares, cpuQuota, cpuPeriod }: ContainerLimits, count: number): void {
  if (cpus && (!Number.isFinite(cpus) || cpus < 0.01 || cpus > count))
    throw refuse("--cpus", cpus, `is not from 0.01 to ${count}: this machine has ${count} ${plural(count)}`);
  if (cpus && cpuQuota) throw refuse("--cpu-quota", cpuQuota, `does not go together with --cpus ${cpus}`);
  if (cpus && cpuPeriod) throw refuse("--cpu-period", cpuPeriod, `does not go together with --cpus ${cpus}`);
  within("--cpu-shares", cpuShares, [0, Number.MAX_SAFE_INTEGER]);
  if (cpuPeriod) within("--cpu-period", cpuPeriod, [1000, 1_000_000]);
  // The kernel has days of processor time as its end, and a thousandth of a second as its beginning.
  if (cpuQuota && cpuQuota > 0) within("--cpu-quota", cpuQuota, [1000, 2 ** 44]);
}

function plural(count: number): string {
  return count === 1 ? "processor" : "processors";
}

function checkSet(flag: string, text: string | undefined, present: readonly number[]): void {
  if (!text) return;
  const wanted = parseSet(text);
  if (wanted === undefined) throw refuse(flag, text, "is not a list of numbers such as 0-2,4");
  const missing = wanted.find(([first, last]) => !hasAll(present, first, last));
  if (missing === undefined) return;
  throw refuse(flag, text, `names what is not there: this machine has ${setText(present)}`);
}

function hasAll(present: readonly number[], first: number, last: number): boolean {
  const within = present.filter((number) => number >= first && number <= last);
  return within.length === last - first + 1;
}

function setText(numbers: readonly number[]): string {
  const [first, last] = [numbers[0], numbers.at(-1)];
  return numbers.length > 1 && Number(last) - Number(first) === numbers.length - 1
    ? `${first}-${last}`
    : numbers.join(",");
}

/** Names of getrlimit(2), as docker has them. */
const ulimitNames = new Set(
  "core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack".split(" "),
);

function checkUlimit({ name, soft, hard }: Ulimit): void {
  const text = `${name}=${soft}:${hard}`;
  if (!ulimitNames.has(name))
    throw refuse("--ulimit", text, `names no limit; there are ${[...ulimitNames].join(", ")}`);
  for (const value of [soft, hard]) within("--ulimit", value, [-1, Number.MAX_SAFE_INTEGER]);
  if (hard !== -1 && (soft === -1 || soft > hard))
    throw refuse("--ulimit", text, "has a soft limit above its hard one");
}

function within(flag: string, value: number | undefined, [least, most]: readonly [number, number]): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least && value <= most)) return;
  throw refuse(flag, value, `is not a whole number from ${least} to ${most}`);
}

function refuse(flag: string, value: number | string, why: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_LIMIT_INVALID",
    message: `${flag} ${value} ${why}`,
    hint: "Correct it, or leave it out.",
    details: { flag, value },
  });
}
