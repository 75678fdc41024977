import { listen } from "../../listening/listen.js";
import { type Calls, reply } from "./reply.js";
import { makeServer } from "./server.js";
import { refuseUnservable } from "./unservable.js";

/** Where docker looks for plug-ins, see "Docker Plugin API" of its documentation. */
export const DIRECTORY = "/run/docker/plugins";

export interface ServeOptions extends Calls {
  readonly socket: string;
  /** Called once docker can call. */
  started(): void;
  /** Settled when the server shall end. */
  readonly stop: Promise<unknown>;
}

/**
 * Serves docker until it is stopped. Calls that have arrived are completed, within a bound. Throws `unsupported` for a driver
 * that cannot.
 */
export async function serve({ socket, started, stop, ...calls }: ServeOptions): Promise<void> {
  refuseUnservable(calls.driver);
  const { server, end } = makeServer((path, body) => reply(path, body, calls));
  const remove = await listen(server, socket, { elsewhere: "another --name or --socket" });
  started();
  await stop;
  remove();
  await end();
}
