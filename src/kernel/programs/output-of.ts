import { TsdError } from "../../errors/tsd-error.js";
import { exec } from "./exec.js";

/** What a program that changes nothing says; undefined where it is missing, or cannot work with this kernel. */
export async function outputOf(program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return (await exec(program, args, { reads: true })).stdout;
  } catch (error) {
    if (TsdError.is(error, "unsupported") || TsdError.is(error, "runtime")) return undefined;
    throw error;
  }
}
