import { lstatSync, mkdirSync, rmSync } from "node:fs";
import { request, type Server } from "node:http";
import { basename, dirname } from "node:path";
import { TsdError } from "../../errors/tsd-error.js";
import { boundaryOperation } from "../../kernel/boundary-operation.js";
import { tryLock } from "../../kernel/files/file-lock.js";
import { pathFault } from "../../kernel/files/path-fault.js";

/** Header of replies by which one server of tsd's knows another. */
export const PROCESS = "tsd-process";

/** Milliseconds that the server of a socket has to say who it is. */
const PATIENCE = 1000;

const STOP_FIRST = "Stop that first, or choose another --name.";

/**
 * Has the server listen on a socket that only root can use, in a directory that only root can change. A socket that nobody serves
 * any more is replaced. Throws `conflict` naming who serves it. Returns what removes the socket.
 */
export async function listen(server: Server, path: string): Promise<() => void> {
  makeDirectory(dirname(path));
  await refuseTaken(path);
  const unlock = lock(path);
  try {
    await boundaryOperation({ into: "file", what: () => `listen on ${path}` }, () => {
      rmSync(path, { force: true });
      return listening(server, path);
    });
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

function makeDirectory(directory: string): void {
  refuseForeign(directory);
  boundaryOperation({ into: "file", what: () => `make ${directory}` }, () =>
    mkdirSync(directory, { recursive: true, mode: 0o755 }),
  );
  refuseForeign(directory);
}

/** Another user could put a socket of its own in the place of tsd's, which docker would obey. */
function refuseForeign(directory: string): void {
  const fault = pathFault(directory);
  if (fault === undefined) return;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_DOCKER_DIRECTORY",
    message: `the directory of a socket of root's must be root's alone: ${directory} ${fault}`,
    hint: "Choose another --socket, or give the directory to root: chown root, chmod go-w.",
    details: { directory },
  });
}

/** Of servers that start at the same time, one takes the place of a dead one. docker takes no such name for a plug-in. */
function lock(path: string): () => void {
  const file = `${dirname(path)}/.${basename(path)}.lock`;
  const unlock = boundaryOperation({ into: "file", what: () => `lock ${file}` }, () => tryLock(file));
  if (unlock === undefined) throw taken(path, "is served by another process of tsd's already", STOP_FIRST);
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

async function refuseTaken(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket())
    throw taken(path, "is no socket, and something else", "Remove it, or choose another --socket.");
  const server = await serverOf(path);
  if (server === undefined) return;
  throw taken(path, `is served by ${server} already`, STOP_FIRST);
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
    code: "TSD_DOCKER_SOCKET",
    message: `${path} ${what}`,
    hint,
    details: { path },
  });
}
