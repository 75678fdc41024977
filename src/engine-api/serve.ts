import type { Server } from "node:http";
import { createServer } from "node:net";
import { acceptFor } from "../listening/accept-for.js";
import { listen } from "../listening/listen.js";
import type { SecurePort } from "../listening/secure-port.js";
import { carryOut } from "./carry-out.js";
import { makeServer } from "./http/server.js";
import { Service, type Surroundings } from "./service.js";
import { apiVersion } from "./version.js";

/** Where the service listens. */
export type Address =
  | { readonly path: string; readonly group?: string }
  /** A socket that another program made, and that stays when the service ends. */
  | { readonly fd: number }
  | SecurePort;

export interface ServeOptions extends Surroundings {
  readonly address: Address;
  /** tsd's own version. */
  readonly version: string;
  /** Milliseconds after which it ends if no request comes and none is left; absent: it stays. */
  readonly idle?: number;
  /** Called once clients can connect. */
  started(): void;
  /** Settled when the service shall end. */
  readonly stop: Promise<unknown>;
}

/** Milliseconds between two looks whether anything goes on. */
const LOOK = 250;

/** Serves docker's clients until it is stopped, or idle for a time. Containers run on. */
export async function serve({ address, version, idle, started, stop, ...surroundings }: ServeOptions): Promise<void> {
  const service = new Service(surroundings);
  const common = {
    "Api-Version": apiVersion,
    Ostype: "linux",
    Server: `tsd/${version} (linux)`,
    // By which one service of tsd's knows another.
    "tsd-process": String(process.pid),
  };
  const { server, isBusy, end } = makeServer(common, (exchange) => carryOut(exchange, service));
  const onError = (error: Error): void => service.report(`a client was not accepted: ${error.message}`);
  const remove = await listenAt(server, address, onError);
  server.on("error", onError);
  started();
  const idled = idle === undefined ? undefined : whenIdle(idle, () => isBusy() || service.isBusy);
  await Promise.race([stop, ...(idled === undefined ? [] : [idled.reached])]);
  idled?.cancel();
  remove();
  await Promise.all([end(), service.end()]);
}

type OnError = (error: Error) => void;

/** Returns what stops it. */
async function listenAt(server: Server, address: Address, onError: OnError): Promise<() => void> {
  if ("fd" in address) return adopt(server, address.fd, onError);
  if ("port" in address) {
    const { listenSecurely } = await import("../listening/secure-port.js");
    return listenSecurely(server, address, onError);
  }
  return listen(server, address.path, { ...address, elsewhere: "another unix:// path" });
}

/**
 * Accepts the clients of a socket that another program made. The executable's runtime takes no descriptor for an HTTP server, and
 * would listen on a port of TCP in its place.
 */
function adopt(server: Server, fd: number, onError: OnError): Promise<() => void> {
  const accepting = createServer({ allowHalfOpen: true }, (socket) => server.emit("connection", socket));
  return acceptFor(server, accepting, { fd, onError });
}

/** Settles once nothing has gone on for so many milliseconds. */
function whenIdle(idle: number, isBusy: () => boolean): { readonly reached: Promise<void>; cancel(): void } {
  let since = Date.now();
  let timer: NodeJS.Timeout;
  const reached = new Promise<void>((resolve) => {
    timer = setInterval(
      () => {
        if (isBusy()) since = Date.now();
        else if (Date.now() - since >= idle) resolve();
      },
      Math.min(LOOK, idle),
    );
  });
  return { reached, cancel: () => clearInterval(timer) };
}
