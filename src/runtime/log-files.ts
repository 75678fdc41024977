import { closeSync, constants, fstatSync, linkSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { basename, dirname } from "node:path";
import { boundaryOperation } from "../kernel/boundary-operation.js";
import { namesIn } from "../kernel/files/names-in.js";
import { statusOf } from "../kernel/files/path-status.js";
import { openLog } from "./log-file.js";

/** One of the files that a container's log is in: `ID.log`, and before it `ID.log.1`, `ID.log.2` and so on. */
export interface OpenFile {
  readonly descriptor: number;
  readonly inode: bigint;
}

/** Times that another file may be begun while all are opened. */
const ATTEMPTS = 5;

/** All files of a log, oldest first, to be closed by the caller. In the middle of a rotation two names lead to the same one. */
export function openLogFiles(path: string): readonly OpenFile[] {
  for (let attempt = 1; ; attempt++) {
    const names = [...rotatedFiles(path), path];
    const files = names.flatMap((name) => openFile(name));
    const isSettled = names.length === 1 || names.every((name) => files.some((file) => isAt(file, name)));
    if (isSettled || attempt === ATTEMPTS) return withoutTwins(files);
    for (const { descriptor } of files) closeSync(descriptor);
  }
}

interface NamedFile extends OpenFile {
  readonly name: string;
}

function openFile(name: string): readonly NamedFile[] {
  const descriptor = openLog(name);
  if (descriptor === undefined) return [];
  return [{ name, descriptor, inode: fstatSync(descriptor, { bigint: true }).ino }];
}

function isAt(file: NamedFile, name: string): boolean {
  return file.name === name && statSync(name, { bigint: true, throwIfNoEntry: false })?.ino === file.inode;
}

function withoutTwins(files: readonly NamedFile[]): readonly OpenFile[] {
  return files.filter(({ inode, descriptor }, at) => {
    const isTwin = files.findIndex((one) => one.inode === inode) < at;
    if (isTwin) closeSync(descriptor);
    return !isTwin;
  });
}

/** Names of the earlier files of a log, oldest first. */
function rotatedFiles(path: string): readonly string[] {
  const prefix = `${basename(path)}.`;
  return namesIn(dirname(path))
    .filter((name) => name.startsWith(prefix) && /^\d{1,4}$/.test(name.slice(prefix.length)))
    .sort((a, b) => Number(b.slice(prefix.length)) - Number(a.slice(prefix.length)))
    .map((name) => `${dirname(path)}/${name}`);
}

export interface Rotation {
  readonly maxSize: number;
  /** The present one among them. */
  readonly maxFiles: number;
}

/**
 * Begins another file where the present one has reached its size. conmon (ctrl.c, `reopen_log_files`) puts a new file in the place of
 * the one it writes when its fifo says so, so that one gets a second name before: no line is lost, and one that is written meanwhile
 * comes into it. Done again after a crash at any step, it goes on. Returns whether it did anything.
 */
export function rotateLog(path: string, control: string, { maxSize, maxFiles }: Rotation): boolean {
  const present = statusOf(path);
  if (present === undefined || !present.isFile() || present.size < maxSize) return false;
  const newest = `${path}.1`;
  boundaryOperation({ into: "file", what: () => `begin another file for ${path}` }, () => {
    if (statusOf(newest)?.ino !== present.ino) {
      rmSync(`${path}.${maxFiles - 1}`, { force: true });
      for (let number = maxFiles - 2; number >= 1; number--)
        if (statusOf(`${path}.${number}`) !== undefined) renameSync(`${path}.${number}`, `${path}.${number + 1}`);
      linkSync(path, newest);
    }
    reopen(control);
  });
  return true;
}

/** conmon's message 2; it scans three numbers. */
function reopen(control: string): void {
  // Not blocked where no conmon reads.
  const fifo = openSync(control, constants.O_WRONLY | constants.O_NONBLOCK);
  try {
    writeSync(fifo, "2 0 0\n");
  } finally {
    closeSync(fifo);
  }
}
