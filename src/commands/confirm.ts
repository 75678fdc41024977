import { TsdError } from "../errors/tsd-error.js";
import type { Surroundings } from "./surroundings.js";

/** Asks whether to continue, at a terminal or as in `yes | tsd system prune`. Throws `invalid-input` if no reply can come. */
export async function confirm(warning: string, surroundings: Surroundings): Promise<boolean> {
  const answer = await surroundings.ask(`${warning}\nGo on? [y/N] `);
  if (answer !== undefined) return /^y(es)?$/i.test(answer.trim());
  surroundings.writeError("\n");
  if (surroundings.isTerminal(0)) return false;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_CONFIRMATION_NEEDED",
    message: "this must be confirmed, and standard input ended without an answer",
    hint: "Use --force to go on without being asked.",
  });
}
