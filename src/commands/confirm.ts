import { TsdError } from "../errors/tsd-error.js";
import type { Surroundings } from "./surroundings.js";

/** Asks whether to continue. Throws `invalid-input` if no user can reply. */
export async function confirm(warning: string, surroundings: Surroundings): Promise<boolean> {
  if (!surroundings.isTerminal(0)) {
    throw new TsdError({
      kind: "invalid-input",
      code: "TSD_CONFIRMATION_NEEDED",
      message: "this must be confirmed, and standard input is not a terminal",
      hint: "Use --force to go on without being asked.",
    });
  }
  const answer = await surroundings.ask(`${warning}\nGo on? [y/N] `);
  return /^y(es)?$/i.test(answer.trim());
}
