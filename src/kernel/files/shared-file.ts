import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/** Bytes of the largest file that is read. What others wrote into a larger one is not kept. */
const MAX_BYTES = 4 * 1024 * 1024;

/** What a file that others write too has to say, see {@link File}. */
export interface SharedContent {
  readonly content: string;
  readonly mark: string;
  readonly replaces?: readonly string[];
}

/** What a file says, and what it has to become; see {@link settledText}. */
export interface SharedState {
  /** Byte by byte; undefined where there is more than a list of names could be. */
  readonly text: string | undefined;
  readonly settled: string;
}

/** Compares what the file says with what tsd wants of it. Throws as the calls of the system do. */
export function readState(path: string, wanted: SharedContent): SharedState {
  const file = openShared(path, constants.O_RDONLY);
  try {
    return stateOf(file, wanted);
  } finally {
    closeSync(file);
  }
}

/** The same of an open file. What an earlier look found serves where the file still says the same. */
export function stateOf(file: number, wanted: SharedContent, before?: SharedState): SharedState {
  const text = readShared(file);
  if (text === undefined) return { text, settled: byteByByte(wanted.content) };
  return text === before?.text ? before : { text, settled: settledText(text, wanted) };
}

/** The text, byte by byte, as it has to become: as a whole where it is tsd's own of before, else in its marked lines. */
export function settledText(text: string, { content, mark, replaces = [] }: SharedContent): string {
  if (text === content) return text;
  if (replaces.some((former) => byteByByte(former) === text)) return byteByByte(content);
  if (differsInMarked(text, content, mark)) return content;
  return marked(text, mark) === marked(content, mark) ? text : withMarkedLines(text, content, mark);
}

/**
 * True where both are the same but for some whole marked lines that lie together, which `content` then has in their right place: the
 * usual case, as a neighbour comes or goes. It is found without a look at each line of many.
 */
function differsInMarked(text: string, content: string, mark: string): boolean {
  const [start, end] = difference(text, content);
  const from = content.slice(0, start).lastIndexOf("\n") + 1;
  // The line that the common end begins with may begin before it.
  const newline = content.indexOf("\n", content.length - end);
  const same = newline < 0 ? 0 : content.length - newline - 1;
  const differing = [text, content].map((one) => one.slice(from, one.length - same));
  return differing.every((part) => part === marked(part, mark));
}

/** How many characters two texts have in common at their starts, and then at their ends. */
function difference(a: string, b: string): readonly [start: number, end: number] {
  const shorter = Math.min(a.length, b.length);
  const start = largest(shorter, (from, to) => a.slice(from, to) === b.slice(from, to));
  const end = largest(shorter - start, (from, to) => endOf(a, from, to) === endOf(b, from, to));
  return [start, end];
}

function endOf(text: string, from: number, to: number): string {
  return text.slice(text.length - to, text.length - from);
}

/** The largest number up to `most` so that all of it `isSame`, which is asked of ever smaller parts. */
function largest(most: number, isSame: (from: number, to: number) => boolean): number {
  let [known, open] = [0, most];
  while (known < open) {
    const middle = Math.ceil((known + open) / 2);
    if (isSame(known, middle)) known = middle;
    else open = middle - 1;
  }
  return known;
}

/** An open file that a container may write at the same moment. A lease that it took, see fcntl(2), is not waited for: EAGAIN. */
export function openShared(path: string, access: number): number {
  return openSync(path, access | constants.O_NOFOLLOW | constants.O_NONBLOCK);
}

/** The text byte by byte, whatever its encoding; undefined for more of it than a list of names could be. */
function readShared(file: number): string | undefined {
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
