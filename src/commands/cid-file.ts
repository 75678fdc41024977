import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { Flags } from "@oclif/core";
import { TsdError } from "../errors/tsd-error.js";
import { absolutePath } from "./absolute-path.js";
import type { Surroundings } from "./surroundings.js";

/** The flag of `create` and `run`. */
export const cidFileFlag = {
  cidfile: Flags.string({
    description: "Write the container's id to a file that does not exist yet.",
    helpValue: "FILE",
  }),
};

/**
 * Does `work`, which makes a container, with a file that is there from the beginning and gets the container's id as soon as there
 * is one. A failure before that removes the file. Throws `conflict` where it exists already.
 */
export async function withCidFile<T>(
  name: string | undefined,
  caller: Pick<Surroundings, "cwd">,
  work: (write: (id: string) => void) => Promise<T>,
): Promise<T> {
  if (name === undefined) return work(() => undefined);
  const path = absolutePath(name, caller);
  const file = claim(path);
  let isWritten = false;
  try {
    return await work((id) => {
      isWritten = true;
      writeSync(file, id);
    });
  } finally {
    closeSync(file);
    if (!isWritten) rmSync(path, { force: true });
  }
}

function claim(path: string): number {
  try {
    return openSync(path, "wx", 0o644);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new TsdError({
      kind: "conflict",
      code: "TSD_CID_FILE_EXISTS",
      message: `the file ${path} exists already, and may hold the id of another container`,
      hint: "Make sure that container is not needed, and delete the file, or name another.",
      details: { path },
      cause: error,
    });
  }
}
