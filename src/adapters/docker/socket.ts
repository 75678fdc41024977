import { chmodSync, lstatSync, mkdirSync, renameSync, rmSync, type Stats } from "node:fs";
import { request, type Server } from "node:http";
import { basename, dirname } from "node:path";
import { TsdError } from "../../errors/tsd-error.js";
import { boundaryOperation } from "../../kernel/boundary-operation.js";

/** Header of replies by which one server of tsd's knows another. */
export const PROCESS = "tsd-process";

/** Milliseconds that the server of a socket has to say who it is. */
const PATIENCE = 1000;

/**
 * Has the server listen on a socket that only root can use. One that nobody serves any more is replaced. Throws `conflict`
 * naming who serves it. Returns what removes the socket.
 */
export async function listen(server: Server, path: string): Promise<() => void> {
  boundaryOperation({ into: "file", what: () => `make ${dirname(path)}` }, () =>
    mkdirSync(dirname(path), { recursive: true }),
  );
  await refuseTaken(path);
  // Its own name, which docker looks for, the socket gets once nobody else can open it.
  const passing = `${dirname(path)}/.${basename(path)}`;
  await boundaryOperation({ into: "file", what: () => `listen on ${path}` }, async () => {
    rmSync(passing, { force: true });
    await listening(server, passing);
    chmodSync(passing, 0o600);
    renameSync(passing, path);
  });
  const own = lstatSync(path);
  return () =>
    boundaryOperation({ into: "file", what: () => `remove ${path}` }, () => {
      if (lstatSync(path, { throwIfNoEntry: false })?.ino === own.ino) rmSync(path, { force: true });
    });
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function refuseTaken(path: string): Promise<void> {
  const found: Stats | undefined = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket())
    throw taken(path, "is no socket, and something else", "Remove it, or choose another --socket.");
  const server = await serverOf(path);
  if (server === undefined) return;
  throw taken(path, `is served by ${server} already`, "Stop that first, or choose another --name.");
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
