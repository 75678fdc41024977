import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { TsdError } from "../errors/tsd-error.js";
import { absolutePath } from "./absolute-path.js";
import type { Surroundings } from "./surroundings.js";

/** Bytes; docker's own profile has 14 KiB. */
const MOST = 1024 * 1024;

/**
 * A `--security-opt` as the library takes it: a seccomp profile in place of its file's name, since the file may change or go
 * before the container's next start. Throws `not-found` or `invalid-input` where it cannot be read.
 */
export async function readSecurityOption(text: string, caller: Pick<Surroundings, "cwd">): Promise<string> {
  const [, file] = /^seccomp[=:]([\s\S]+)$/.exec(text) ?? [];
  if (file === undefined || ["unconfined", "builtin", "default"].includes(file) || file.startsWith("{")) return text;
  return `seccomp=${await readProfile(file, absolutePath(file, caller))}`;
}

async function readProfile(file: string, path: string): Promise<string> {
  // A fifo must not keep the command waiting for a writer.
  const refuse = (cause: NodeJS.ErrnoException): never => {
    throw unreadable(file, `cannot be read: ${cause.code}`, cause);
  };
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY).catch(refuse);
  try {
    if (!(await handle.stat()).isFile()) throw unreadable(file, "is no file");
    const buffer = Buffer.alloc(MOST + 1);
    let length = 0;
    for (let read = 1; read > 0 && length <= MOST; length += read)
      read = (await handle.read(buffer, length, buffer.length - length).catch(refuse)).bytesRead;
    if (length > MOST) throw unreadable(file, `has more than ${MOST} bytes`);
    return compact(buffer.subarray(0, length).toString("utf8"), file);
  } finally {
    await handle.close();
  }
}

/** What is no JSON may be a secret, and is not quoted. */
function compact(text: string, file: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    throw unreadable(file, "is not JSON");
  }
}

function unreadable(file: string, why: string, cause?: NodeJS.ErrnoException): TsdError {
  return new TsdError({
    kind: cause?.code === "ENOENT" ? "not-found" : "invalid-input",
    code: "TSD_SECCOMP_FILE",
    message: `the seccomp profile ${file} ${why}`,
    hint: "Give a profile in docker's JSON format, or seccomp=unconfined.",
    details: { file },
    cause,
  });
}
