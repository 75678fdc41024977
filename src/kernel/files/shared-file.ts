import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/** Bytes of the largest file that is read. What others wrote into a larger one is not kept. */
const MAX_BYTES = 4 * 1024 * 1024;

/** What a file that others write too has to say, see {@link File}. */
export interface SharedContent {
  readonly content: string;
  readonly mark: string;
  readonly replaces?: readonly string[];
}

/** Whether the file says what tsd wants of it. Throws as the calls of the system do. */
export function isSettled(path: string, wanted: SharedContent): boolean {
  const file = openShared(path, constants.O_RDONLY);
  try {
    const text = readShared(file);
    return text !== undefined && text === settledText(text, wanted);
  } finally {
    closeSync(file);
  }
}

/** The text, byte by byte, as it has to become: as a whole where it is tsd's own of before, else in its marked lines. */
export function settledText(text: string, { content, mark, replaces = [] }: SharedContent): string {
  if (replaces.some((former) => byteByByte(former) === text)) return byteByByte(content);
  return marked(text, mark) === marked(content, mark) ? text : withMarkedLines(text, content, mark);
}

/** An open file that a container may write at the same moment. A lease that it took, see fcntl(2), is not waited for: EAGAIN. */
export function openShared(path: string, access: number): number {
  return openSync(path, access | constants.O_NOFOLLOW | constants.O_NONBLOCK);
}

/** The text byte by byte, whatever its encoding; undefined for more of it than a list of names could be. */
export function readShared(file: number): string | undefined {
  const buffer = Buffer.allocUnsafe(Math.min(fstatSync(file).size, MAX_BYTES) + 1);
  let length = 0;
  for (let read = -1; read !== 0 && length < buffer.length; length += read) {
    read = readSync(file, buffer, length, buffer.length - length, length);
  }
  // It may have grown since its size was asked.
  return length > MAX_BYTES ? undefined : buffer.toString("latin1", 0, length);
}

/** The text with the marked lines of `content` in place of its own, where the first of them is, or at its end. */
export function withMarkedLines(text: string, content: string, mark: string): string {
  const lines = text.split("\n");
  // What follows the last newline is a line only if there is something.
  if (lines.at(-1) === "") lines.pop();
  const first = lines.findIndex((line) => line.endsWith(mark));
  const isOthers = (line: string): boolean => !line.endsWith(mark);
  const before = lines.slice(0, first < 0 ? lines.length : first);
  const after = first < 0 ? [] : lines.slice(first).filter(isOthers);
  const joined = (part: readonly string[]): string => part.map((line) => `${line}\n`).join("");
  return joined(before) + marked(content, mark) + joined(after);
}

function marked(text: string, mark: string): string {
  const lines = text.split("\n").filter((line) => line.endsWith(mark));
  return lines.map((line) => `${line}\n`).join("");
}

/** As {@link readShared} returns it. */
function byteByByte(text: string): string {
  return Buffer.from(text).toString("latin1");
}
