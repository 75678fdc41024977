import { randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { tooManyRaces } from "./conflicts.js";

const TRIES = 16;
/** Milliseconds of the first pause at most; each later one may take twice as long, up to the last. */
const FIRST = 8;
const LAST = 500;

/**
 * Repeats `attempt` until it returns something: undefined says that another host changed what was required. Pauses at random, so that
 * hosts which met once do not meet again. Throws `conflict` after 16 lost races.
 */
export async function untilWon<T>(
  place: string,
  what: string,
  attempt: (tried: number) => Promise<T | undefined>,
): Promise<T> {
  for (let tried = 0; tried < TRIES; tried++) {
    const result = await attempt(tried);
    if (result !== undefined) return result;
    await pause(randomInt(Math.min(FIRST * 2 ** tried, LAST)));
  }
  throw tooManyRaces(place, what);
}
