import { chmodSync, chownSync, lstatSync, mkdirSync, rmSync, statSync } from "node:fs";
import { request, type Server } from "node:http";
import { basename, dirname } from "node:path";
import { TsdError } from "../errors/tsd-error.js";
import { boundaryOperation } from "../kernel/boundary-operation.js";
import { tryLock } from "../kernel/files/file-lock.js";
import { pathFault } from "../kernel/files/path-fault.js";
import { groupNumber } from "./group-number.js";
import { barrierTo } from "./group-passage.js";

/** Header of replies by which one server of tsd's knows another. */
export const PROCESS = "tsd-process";

/** Milliseconds that the server of a socket has to say who it is. */
const PATIENCE = 1000;

/** Bytes of the path of a socket, unix(7). */
const LONGEST_PATH = 107;

export interface SocketOptions {
  /** Name or number of a group whose members may connect as well; by default root alone may. */
  readonly group?: string;
  /** What of the caller's words names another socket: `another --socket`. */
  readonly elsewhere: string;
}

/**
 * Has the server listen on a socket that only root can use, in a directory that only root can change. A socket that nobody serves
 * any more is replaced. Throws `conflict` naming who serves it, `not-found` for a group, and `invalid-input`. Returns what removes the socket.
 */
export async function listen(server: Server, path: string, options: SocketOptions): Promise<() => void> {
  refuseLong(path, options);
  const group = options.group === undefined ? undefined : groupNumber(options.group);
  makeDirectory(dirname(path), options);
  if (group !== undefined) refuseBarred(path, group, options);
  await refuseTaken(path, options);
  const unlock = lock(path, options);
  try {
    await boundaryOperation({ into: "file", what: () => `listen on ${path}` }, () => {
      rmSync(path, { force: true });
      return listening(server, path);
    });
    if (group !== undefined) openTo(path, group);
    const own = lstatSync(path);
    return () =>
      boundaryOperation({ into: "file", what: () => `remove ${path}` }, () => {
        if (lstatSync(path, { throwIfNoEntry: false })?.ino === own.ino) rmSync(path, { force: true });
        unlock();
      });
  } catch (error) {
    server.close();
    unlock();
    throw error;
  }
}

function refuseLong(path: string, { elsewhere }: SocketOptions): void {
  const length = Buffer.byteLength(path);
  if (length <= LONGEST_PATH) return;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_SOCKET_PATH",
    message: `the path of a socket has ${LONGEST_PATH} bytes at most, and ${path} has ${length}`,
    hint: `Choose ${elsewhere}.`,
    details: { path, length },
  });
}

function openTo(path: string, group: number): void {
  boundaryOperation({ into: "file", what: () => `open ${path} to group ${group}` }, () => {
    chownSync(path, 0, group);
    chmodSync(path, 0o660);
  });
}

function makeDirectory(directory: string, options: SocketOptions): void {
  refuseForeign(directory, options);
  boundaryOperation({ into: "file", what: () => `make ${directory}` }, () =>
    mkdirSync(directory, { recursive: true, mode: 0o755 }),
  );
  refuseForeign(directory, options);
}

/** Another user could put a socket of its own in the place of tsd's, which its clients would obey. */
function refuseForeign(directory: string, { elsewhere }: SocketOptions): void {
  const fault = pathFault(directory);
  if (fault === undefined) return;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_SOCKET_DIRECTORY",
    message: `the directory of a socket of root's must be root's alone: ${directory} ${fault}`,
    hint: `Choose ${elsewhere}, or give the directory to root: chown root, chmod go-w.`,
    details: { directory },
  });
}

/** Members of a group that is let in by the socket alone would look for the reason elsewhere. */
function refuseBarred(path: string, group: number, { elsewhere }: SocketOptions): void {
  const barrier = barrierTo(dirname(path), group);
  if (barrier === undefined) return;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_SOCKET_DIRECTORY",
    message: `members of group ${group} cannot reach ${path}: the directory ${barrier} does not let them pass`,
    hint: isPrivate(barrier)
      ? `Choose ${elsewhere}: unix:///run/tsd-${basename(path)}`
      : `Choose ${elsewhere}, or let them pass: chgrp ${group} ${barrier} && chmod g+x ${barrier}`,
    details: { path, group, directory: barrier },
  });
}

/** What is root's alone, as TSD_RUN is, is to stay so. */
function isPrivate(directory: string): boolean {
  return (statSync(directory).mode & 0o077) === 0;
}

/** Of servers that start at the same time, one takes the place of a dead one. docker takes no such name for a plug-in. */
function lock(path: string, options: SocketOptions): () => void {
  const file = `${dirname(path)}/.${basename(path)}.lock`;
  const unlock = boundaryOperation({ into: "file", what: () => `lock ${file}` }, () => tryLock(file));
  if (unlock === undefined) throw taken(path, "is served by another process of tsd's already", stopFirst(options));
  return unlock;
}

/** Listens at once, so nothing else runs under this mask. */
function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    const mask = process.umask(0o177);
    server.listen(path, () => {
      server.off("error", reject);
      resolve();
    });
    process.umask(mask);
  });
}

async function refuseTaken(path: string, options: SocketOptions): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket())
    throw taken(path, "is no socket, and something else", `Remove it, or choose ${options.elsewhere}.`);
  const server = await serverOf(path);
  if (server === undefined) return;
  throw taken(path, `is served by ${server} already`, stopFirst(options));
}

function stopFirst({ elsewhere }: SocketOptions): string {
  return `Stop that first, or choose ${elsewhere}.`;
}

/** Who serves the socket, in words; undefined for nobody. */
function serverOf(path: string): Promise<string | undefined> {
  return boundaryOperation({ into: "process", reads: true, what: () => `ask who serves ${path}` }, () => {
    const asked = request({ socketPath: path, path: "/", timeout: PATIENCE });
    return new Promise((resolve) => {
      asked.once("response", (response) => {
        const pid = String(response.headers[PROCESS] ?? "");
        resolve(/^\d+$/.test(pid) ? `tsd (process ${pid})` : "another program");
        asked.destroy();
      });
      asked.once("timeout", () => {
        resolve("a program that does not reply");
        asked.destroy();
      });
      asked.once("error", ({ code }: NodeJS.ErrnoException) => {
        const isGone = code === "ECONNREFUSED" || code === "ENOENT";
        resolve(isGone ? undefined : "another program");
      });
      asked.end();
    });
  });
}

function taken(path: string, what: string, hint: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_SOCKET_TAKEN",
    message: `${path} ${what}`,
    hint,
    details: { path },
  });
}
