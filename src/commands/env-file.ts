import { open } from "node:fs/promises";
import { TsdError } from "../errors/tsd-error.js";
import { absolutePath } from "./absolute-path.js";
import type { Surroundings } from "./surroundings.js";

type Caller = Pick<Surroundings, "env" | "cwd">;

/** The entries of an `--env-file`, or of another file of that form. Throws `not-found` or `invalid-input`, with the line where one is wrong. */
export async function readEnvFile(file: string, caller: Caller, flag = "env-file"): Promise<readonly string[]> {
  const bytes = await readPiecewise(absolutePath(file, caller)).catch((cause: NodeJS.ErrnoException) => {
    throw new TsdError({
      kind: cause.code === "ENOENT" ? "not-found" : "invalid-input",
      code: "TSD_ENV_FILE_UNREADABLE",
      message: `the ${flag === "env-file" ? "environment" : "label"} file ${file} cannot be read: ${cause.code ?? cause.message}`,
      hint: `Check the path after --${flag}.`,
      details: { file },
      cause,
    });
  });
  return parseEnvFile(bytes, file, caller.env);
}

/** Bytes that no program takes with it (execve(2)): what is longer may have no end. */
const LARGEST = 8 * 1024 * 1024;

/** The bytes of a file or a pipe. */
async function readPiecewise(path: string): Promise<Buffer> {
  await using file = await open(path);
  const pieces: Buffer[] = [];
  let size = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(64 * 1024));
    if (bytesRead === 0) return Buffer.concat(pieces);
    pieces.push(buffer.subarray(0, bytesRead));
    size += bytesRead;
    if (size > LARGEST) throw new Error(`it has more than ${LARGEST} bytes`);
  }
}

/**
 * As docker reads it: an entry a line, `KEY=value` as it stands, quotes, blanks and `#` in it included; `KEY` alone takes the
 * caller's value, and counts for nothing where the caller has none. Blanks before a line do not count, nor do empty lines,
 * lines that begin with `#`, and a byte order mark.
 */
export function parseEnvFile(bytes: Buffer, file: string, env: Caller["env"]): readonly string[] {
  const entries: string[] = [];
  for (const [at, line] of linesOf(bytes).entries()) {
    const text = decode(line);
    const refuse = (why: string) => invalid(file, at + 1, why);
    if (text === undefined) throw refuse("is not UTF-8");
    const entry = text.trimStart();
    if (entry === "" || entry.startsWith("#")) continue;
    const equals = entry.indexOf("=");
    const key = equals < 0 ? entry.trimEnd() : entry.slice(0, equals);
    if (key === "") throw refuse(`has no name before its "="`);
    if (/\s/.test(key)) throw refuse(`has blanks in the name "${key}"`);
    if (entry.includes("\0")) throw refuse("has a NUL character");
    if (equals >= 0) entries.push(entry);
    else if (env[key] !== undefined) entries.push(`${key}=${env[key]}`);
  }
  return entries;
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

function linesOf(bytes: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  const hasMark = bytes.subarray(0, 3).equals(BYTE_ORDER_MARK);
  for (let start = hasMark ? 3 : 0; start < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    lines.push(bytes.subarray(start, bytes[end - 1] === 0x0d ? Math.max(start, end - 1) : end));
    start = end + 1;
  }
  return lines;
}

function decode(line: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(line);
  } catch {
    return undefined;
  }
}

function invalid(file: string, line: number, why: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_ENV_FILE_INVALID",
    message: `line ${line} of the environment file ${file} ${why}`,
    hint: "Write KEY=value, or KEY alone for the caller's value, a line each.",
    details: { file, line },
  });
}
