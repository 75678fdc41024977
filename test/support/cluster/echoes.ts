import type { Namespace } from "../lab/namespace.js";

/** Milliseconds that ping itself takes at most, beside its echoes. */
const PATIENCE = 300_000;

/** What becomes of echo requests, of which one leaves every two hundredths of a second. */
export interface Echoes {
  readonly sent: number;
  /** Requests with a reply at least. */
  readonly replied: number;
  /** Replies beside the first of each. */
  readonly duplicates: number;
  /** Replies that came after that of a later request. */
  readonly late: number;
  /** Milliseconds of the fastest round trip. */
  readonly fastest: number;
}

/** Sends echo requests from a namespace, and waits for the last replies. */
export async function echoes(from: Namespace, to: string, count: number): Promise<Echoes> {
  const words = ["ping", "-n", "-i", "0.02", "-c", String(count), "-W", "5", to];
  const { stdout } = await from.run(words, { timeout: PATIENCE });
  const lines = stdout.split("\n").filter((line) => line.includes("icmp_seq="));
  const numbers = lines.map((line) => Number(/icmp_seq=(\d+)/.exec(line)?.[1]));
  const times = lines.map((line) => Number(/time=([\d.]+)/.exec(line)?.[1]));
  const seen = new Set<number>();
  let [late, last] = [0, 0];
  for (const number of numbers) {
    if (!seen.has(number) && number < last) late++;
    seen.add(number);
    last = Math.max(last, number);
  }
  const replied = seen.size;
  return { sent: count, replied, duplicates: lines.length - replied, late, fastest: Math.min(...times) };
}
