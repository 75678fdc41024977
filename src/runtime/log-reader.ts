import { closeSync, readSync } from "node:fs";
import { type OpenFile, openLogFiles } from "./log-files.js";
import { tailStart } from "./log-tail.js";

const BLOCK = 64 * 1024;

/** The bytes of a log, from file to file, however often another is begun. */
export class LogReader {
  private current: OpenFile;
  private following: readonly OpenFile[];
  private position: number;
  private isOther = false;
  /** Of all files that were opened. */
  private readonly inodes: Set<bigint>;

  private constructor(
    private readonly path: string,
    files: readonly [OpenFile, ...OpenFile[]],
    known: readonly bigint[],
    position: number,
  ) {
    [this.current, ...this.following] = files;
    this.inodes = new Set(known);
    this.position = position;
  }

  /** Before the last `tail` lines, or at the beginning; undefined where there is no log. */
  static open(path: string, tail: number | undefined): LogReader | undefined {
    const files = openLogFiles(path);
    const descriptors = files.map(({ descriptor }) => descriptor);
    const start = tail === undefined ? { file: 0, offset: 0 } : tailStart(descriptors, tail);
    const [first, ...rest] = files.slice(Math.max(start.file, 0));
    if (first === undefined) return undefined;
    for (const descriptor of descriptors.slice(0, start.file)) closeSync(descriptor);
    return new LogReader(
      path,
      [first, ...rest],
      files.map(({ inode }) => inode),
      start.offset,
    );
  }

  /** What is there by now. */
  *read(): Generator<Buffer> {
    do {
      for (let bytes = this.readBlock(); bytes.length > 0; bytes = this.readBlock()) {
        this.position += bytes.length;
        yield bytes;
      }
    } while (this.goOn());
  }

  /** Whether it has come to another file since this was asked last. */
  hasGoneOn(): boolean {
    const { isOther } = this;
    this.isOther = false;
    return isOther;
  }

  close(): void {
    for (const { descriptor } of [this.current, ...this.following]) closeSync(descriptor);
  }

  private readBlock(): Buffer {
    const block = Buffer.alloc(BLOCK);
    return block.subarray(0, this.readInto(block));
  }

  private readInto(block: Buffer): number {
    return readSync(this.current.descriptor, block, 0, block.length, this.position);
  }

  /** To the next file, where one was begun: nothing is written to the one before any more, but what was read may be from before that. */
  private goOn(): boolean {
    if (this.following.length === 0) this.following = this.newFiles();
    const [next, ...rest] = this.following;
    if (next === undefined) return false;
    if (this.readInto(Buffer.alloc(1)) > 0) return true;
    closeSync(this.current.descriptor);
    this.current = next;
    this.following = rest;
    this.position = 0;
    this.isOther = true;
    return true;
  }

  /** Those that were begun since the last look. */
  private newFiles(): readonly OpenFile[] {
    const files = openLogFiles(this.path);
    const isRead = ({ inode }: OpenFile): boolean => this.inodes.has(inode);
    for (const { descriptor } of files.filter(isRead)) closeSync(descriptor);
    const added = files.filter((file) => !isRead(file));
    for (const { inode } of added) this.inodes.add(inode);
    return added;
  }
}
