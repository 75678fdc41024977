import { closeSync, fstatSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { namesIn } from "../kernel/files/names-in.js";
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
    const files = namesOf(path).flatMap((name) => openFile(name));
    const isSettled = namesOf(path).every((name) => files.some((file) => isAt(file, name)));
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

/** Of all files of a log, oldest first. */
function namesOf(path: string): readonly string[] {
  const prefix = `${basename(path)}.`;
  const earlier = namesIn(dirname(path))
    .filter((name) => name.startsWith(prefix) && /^\d{1,4}$/.test(name.slice(prefix.length)))
    .sort((a, b) => Number(b.slice(prefix.length)) - Number(a.slice(prefix.length)))
    .map((name) => `${dirname(path)}/${name}`);
  return [...earlier, path];
}
