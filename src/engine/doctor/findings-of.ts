import type { Finding } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";

/** What `work` finds, or what its failure says. */
export async function findingsOf(work: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await work();
  } catch (error) {
    if (!TsdError.is(error)) throw error;
    return [{ problem: error.message, remedy: error.hint ?? "See tsd system info." }];
  }
}
