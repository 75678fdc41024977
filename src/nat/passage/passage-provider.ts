import { type Drift, isSameChain, type Passage, type Provider } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { HookedChain } from "../../kernel/forward-chains/chain.js";
import { readForwardChains } from "../../kernel/forward-chains/read-chains.js";
import { routing } from "../../kernel/host/routing.js";
import { exec } from "../../kernel/programs/exec.js";
import { markOwners } from "../owner-mark.js";
import { passageState } from "./passage-state.js";
import { type Command, closingOf, openingOf } from "./passage-text.js";

const MAX_ATTEMPTS = 8;

/**
 * Rules in chains of others, see {@link Passage}. If another program writes there at the same time, tsd reads the chain
 * again.
 */
export class PassageProvider implements Provider<"passage"> {
  readonly kinds = ["passage"] as const;

  /** `mark` as {@link markOwners} takes it. */
  constructor(private readonly mark: string) {}

  async ensure(passages: readonly Passage[]): Promise<void> {
    for (const passage of this.marked(passages)) await settle(() => this.opening(passage));
  }

  async remove(passages: readonly Passage[]): Promise<void> {
    for (const passage of this.marked(passages)) await settle(() => this.closing(passage));
  }

  async inspect(passages: readonly Passage[]): Promise<readonly Drift[]> {
    if (passages.length === 0) return [];
    const chains = await readForwardChains();
    const uplinks = uplinkNames();
    const marked = this.marked(passages);
    return passages.flatMap((resource, index): readonly Drift[] => {
      const passage = marked[index] ?? resource;
      const hooked = chainOf(passage, chains);
      if (hooked === undefined) return [];
      const { passes, own, closed } = passageState(passage, hooked, uplinks);
      if (passes) return [];
      if (closed !== undefined) return [{ resource, problem: "different", found: closed }];
      if (own.length === 0) return [{ resource, problem: "missing" }];
      return [{ resource, problem: "different", found: "the chain drops the packets all the same" }];
    });
  }

  async describe(verb: "ensure" | "remove", passages: readonly Passage[]): Promise<readonly string[]> {
    const commands = await Promise.all(
      this.marked(passages).map((passage) => (verb === "ensure" ? this.opening(passage) : this.closing(passage))),
    );
    return commands.flatMap((command) => (command === undefined ? [] : [wordsOf(command)]));
  }

  private async opening(passage: Passage): Promise<Command | undefined> {
    const hooked = chainOf(passage, await readForwardChains());
    // `inspect` reports a chain that only its owner may write, and networks are made all the same.
    if (hooked === undefined) return undefined;
    const state = passageState(passage, hooked, uplinkNames());
    return state.closed === undefined ? openingOf(passage, hooked, state) : undefined;
  }

  private async closing(passage: Passage): Promise<Command | undefined> {
    const hooked = chainOf(passage, await readForwardChains());
    return hooked && closingOf(passage.chain, passageState(passage, hooked, []).own);
  }

  private marked(passages: readonly Passage[]): readonly Passage[] {
    return markOwners(passages, this.mark);
  }
}

/** Decides and sends until there is nothing to do. A decision that fails twice in a row is a failure. */
async function settle(decide: () => Promise<Command | undefined>): Promise<void> {
  let failed: string | undefined;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const command = await decide();
    if (command === undefined) return;
    try {
      await exec(command.program, command.args, { input: command.input, env: { LC_ALL: "C" } });
    } catch (error) {
      if (!TsdError.is(error) || wordsOf(command) === failed) throw error;
      failed = wordsOf(command);
    }
  }
}

function wordsOf({ program, args, input }: Command): string {
  return `${program} ${args.join(" ")} <<'.'\n${input}.`;
}

function chainOf({ chain }: Passage, chains: readonly HookedChain[]): HookedChain | undefined {
  return chains.find((one) => isSameChain(one.chain, chain));
}

function uplinkNames(): readonly string[] {
  return routing.uplinks().map(({ name }) => name);
}
