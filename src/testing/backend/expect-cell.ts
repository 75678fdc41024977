import { expectSame } from "../expectations.js";
import type { Agent } from "../lab/agent.js";

/** A line of a traffic matrix: who reaches it, and under which address each is seen. */
export interface Cell<Name extends string> {
  readonly protocol: "tcp" | "udp";
  readonly address: string;
  readonly port: number;
  readonly server: Name;
  readonly seen: Readonly<Partial<Record<Name, string>>>;
}

/** All callers call at once. */
export async function expectCell<Name extends string>(
  agents: Readonly<Record<Name, Pick<Agent, "call" | "callers">>>,
  callers: readonly Name[],
  { protocol, address, port, server, seen }: Cell<Name>,
): Promise<void> {
  const before = (await agents[server].callers()).length;
  const replies = await Promise.all(
    callers.map(async (caller) => {
      const reply = await agents[caller].call(protocol, address, port);
      return [caller, reply.replace(/^ saw /, "")] as const;
    }),
  );
  const reached = replies.filter(([, reply]) => reply !== "no answer");
  expectSame("the address under which each caller is seen", Object.fromEntries(reached), seen);
  // A packet that gets through is a leak even if its answer does not.
  const heard = (await agents[server].callers()).slice(before);
  expectSame("who was heard", [...new Set(heard)].sort(), [...new Set(Object.values(seen))].sort());
}
