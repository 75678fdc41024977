import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { TsdError } from "../errors/tsd-error.js";
import { splitPair } from "./flag-values.js";
import type { Surroundings } from "./surroundings.js";

type Caller = Pick<Surroundings, "env" | "cwd">;

/** `KEY=value` entries of `--env`; a key alone takes the caller's value, and is left out where the caller has none. */
export function readEnv(texts: readonly string[] | undefined, caller: Pick<Caller, "env">): readonly string[] {
  return (texts ?? []).flatMap((text) => {
    const [key] = splitPair(text, { flag: "env", example: "TZ=UTC" });
    if (text.includes("=")) return [text];
    const value = caller.env[key];
    return value === undefined ? [] : [`${key}=${value}`];
  });
}

/** Entries of an `--env-file`: a `KEY=value` or `KEY` a line, blank lines and those that begin with `#` aside. */
export async function readEnvFile(file: string, caller: Caller): Promise<readonly string[]> {
  const text = await readFile(resolve(caller.cwd, file), "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new TsdError({
      kind: cause.code === "ENOENT" ? "not-found" : "invalid-input",
      code: "TSD_ENV_FILE_UNREADABLE",
      message: `the environment file ${file} cannot be read: ${cause.code}`,
      hint: "Check the path after --env-file.",
      details: { file },
      cause,
    });
  });
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "" && !line.startsWith("#"));
  return readEnv(lines, caller);
}
