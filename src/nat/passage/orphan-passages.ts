import { chainWords, isSameChain, type Passage, type Sweeper } from "../../api/index.js";
import type { HookedChain } from "../../kernel/forward-chains/chain.js";
import { readForwardChains } from "../../kernel/forward-chains/read-chains.js";
import { sweeperOf } from "../../kernel/orphans/sweeper-of.js";
import { exec } from "../../kernel/programs/exec.js";
import { markOwners, standingOf } from "../owner-mark.js";
import { closingOf } from "./passage-text.js";

interface Found {
  readonly hooked: HookedChain;
  /** As the comment has it. */
  readonly owner: string;
}

/** Rules with this installation's mark in chains of others, of networks that do not list them. */
export function passageSweeper(mark: string): Sweeper<Passage> {
  return sweeperOf<Found, Passage>({
    list: async () => (await readForwardChains()).flatMap((hooked) => ownersIn(hooked, mark)),
    orphanOf: ({ hooked: { chain }, owner }) => ({
      kind: "passage",
      what: `${owner.slice(0, 12)} in ${chainWords(chain)}`,
      why: "no network lists it",
    }),
    claims(wanted) {
      const passages = markOwners(
        wanted.filter(({ kind }) => kind === "passage"),
        mark,
      );
      return ({ hooked, owner }) =>
        passages.some((passage) => passage.owner === owner && isSameChain(passage.chain, hooked.chain));
    },
    async free(found) {
      for (const { hooked, owner } of found) {
        const own = hooked.rules.filter(({ comment }) => comment === owner);
        const command = closingOf(hooked.chain, own);
        if (command !== undefined) await exec(command.program, command.args, { input: command.input });
      }
    },
  });
}

function ownersIn(hooked: HookedChain, mark: string): readonly Found[] {
  const owners = new Set(hooked.rules.map(({ comment }) => comment));
  return [...owners].filter((owner) => standingOf(owner, mark) === "own").map((owner) => ({ hooked, owner }));
}
