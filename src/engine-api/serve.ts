import { listen } from "../listening/listen.js";
import { carryOut } from "./carry-out.js";
import { makeServer } from "./http/server.js";
import { Service, type Surroundings } from "./service.js";
import { apiVersion } from "./version.js";

/** Where the service listens. */
export type Address =
  | { readonly path: string; readonly group?: number }
  /** A socket that another program made, and that stays when the service ends. */
  | { readonly fd: number };

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
  const remove =
    "path" in address
      ? await listen(server, address.path, { ...address, elsewhere: "another unix:// path" })
      : await adopt(address.fd);
  server.on("error", (error) => service.report(`a client was not accepted: ${error.message}`));
  started();
  const idled = idle === undefined ? undefined : whenIdle(idle, () => isBusy() || service.isBusy);
  await Promise.race([stop, ...(idled === undefined ? [] : [idled.reached])]);
  idled?.cancel();
  remove();
  await Promise.all([end(), service.end()]);

  function adopt(fd: number): Promise<() => void> {
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen({ fd }, () => {
        server.off("error", reject);
        resolve(() => undefined);
      });
    });
  }
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
