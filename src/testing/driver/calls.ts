import { expectThat } from "../expectations.js";
import type { Lab, Place } from "../lab/lab.js";

/** One packet and its reply, or none. */
export interface Call {
  readonly from: Place;
  readonly to: Place;
  /** Of `to`. */
  readonly address: string;
  readonly port?: number;
  readonly protocol?: "tcp" | "udp";
  /** Whether `to` is to reply. */
  readonly reached: boolean;
}

/** Milliseconds to wait for a reply that must come. */
const PATIENCE = 5000;

/** Makes all calls at once and throws for the first that is not as expected, in words. */
export async function expectCalls(lab: Lab, calls: readonly Call[]): Promise<void> {
  const failures = await Promise.all(calls.map((call) => failureOf(lab, call)));
  const found = failures.filter((failure) => failure !== undefined);
  expectThat(found.length === 0, found.join("; "));
}

async function failureOf(lab: Lab, call: Call): Promise<string | undefined> {
  const { from, to, address, port = 80, protocol = "tcp", reached } = call;
  const words = `${from} calls ${address} port ${port} by ${protocol}`;
  const reply = await replyTo(lab, { ...call, port, protocol });
  if (!reached) return reply === "no answer" ? undefined : `${words}: expected no reply, found "${reply}"`;
  if (reply.startsWith(`${to} saw `)) return undefined;
  return `${words}: expected a reply of ${to}, found "${reply}"`;
}

/** A udp packet that must arrive is sent again, since udp loses what comes before a neighbour is known. */
async function replyTo(lab: Lab, { from, address, port, protocol, reached }: Required<Call>): Promise<string> {
  const agent = lab.agents[from];
  if (!reached) return agent.call(protocol, address, port);
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const reply = await agent.call(protocol, address, port, protocol === "tcp" ? PATIENCE : 1000);
    if (reply !== "no answer" || Date.now() > deadline) return reply;
    await new Promise((wake) => setTimeout(wake, 50));
  }
}
