/** Milliseconds of the shortest and of the longest pause before another attempt. */
const SHORTEST = 200;
const LONGEST = 20_000;
/** Milliseconds until what could not be written on this host is tried again: what was in the way may have gone. */
export const RETRY = 15_000;
/** Hosts up to which all may read the cluster's state at the same moment, milliseconds for each, and at most. */
const FEW = 100;
const EACH = 10;
const MOST = 120_000;

/** Milliseconds before the attempt after `failures` in a row. Hosts that failed together do not come back together. */
export function backOff(failures: number, random: number): number {
  return Math.min(LONGEST, SHORTEST * 2 ** Math.min(failures, 20)) * (0.5 + random);
}

/** Milliseconds before the first reading of a network that has been followed before: all its hosts may have started at once. */
export function firstPause(knownHosts: number, random: number): number {
  return knownHosts <= FEW ? 0 : Math.min(MOST, knownHosts * EACH) * random;
}

/** Milliseconds that differ from host to host by a tenth. */
export function jittered(milliseconds: number, random: number): number {
  return milliseconds * (0.9 + random * 0.2);
}
