import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import { listen } from "../listening/listen.js";
import { listenOnLoopback } from "../listening/listen-on-loopback.js";
import { mapStyle } from "../presenters/map/svg-canvas.js";
import type { Surroundings } from "./host/surroundings.js";
import { Door } from "./http/door.js";
import { commonHeaders, send, sentence } from "./http/replies.js";
import { Responder } from "./responder.js";

/** Where the page is served: a socket that only root can use, or a port of 127.0.0.1 or ::1, 0 for any. */
export type PageAddress =
  | { readonly path: string; readonly group?: string }
  | { readonly host: "127.0.0.1" | "::1"; readonly port: number };

export interface ServePageOptions extends Surroundings {
  readonly address: PageAddress;
  /** Called once readers can connect; `path` begins with the token, and `port` is there for TCP. */
  started(at: { readonly path: string; readonly port?: number }): void;
  /** Settled when it shall end. */
  readonly stop: Promise<unknown>;
}

/** Connections at a time, readers among them. */
const CONNECTIONS = 128;
/** Bytes of a request's head, and milliseconds for it to arrive. */
const LARGEST_HEAD = 16 << 10;
const HEAD_ARRIVAL = 10_000;

/** Serves the page until it is stopped. It changes nothing on the host but what dead commands left. */
export async function servePage({ address, started, stop, ...surroundings }: ServePageOptions): Promise<void> {
  const door = new Door();
  const responder = new Responder(surroundings, door, commonHeaders(hashOf(mapStyle), process.pid));
  const limits = { maxHeaderSize: LARGEST_HEAD, headersTimeout: HEAD_ARRIVAL, requestTimeout: HEAD_ARRIVAL };
  const server = createServer(limits, (request, response) => {
    response.on("error", () => undefined);
    responder.respond(request, response).catch((error: unknown) => {
      surroundings.report(`a request failed: ${String((error as Error).message)}`);
      if (response.headersSent) response.destroy();
      else send(response, sentence(500, "tsd failed to make this page; its own output says why."), false);
    });
  });
  server.maxConnections = CONNECTIONS;
  const { port, remove } = await bind(server, address);
  server.on("error", (error) => surroundings.report(`a client was not accepted: ${error.message}`));
  started({ path: `/${door.token}/`, ...(port === undefined ? {} : { port }) });
  await stop;
  remove();
  const closed = new Promise((resolve) => server.close(resolve));
  responder.end();
  server.closeAllConnections();
  await closed;
}

async function bind(server: Server, address: PageAddress): Promise<{ readonly port?: number; remove(): void }> {
  if ("path" in address) {
    return { remove: await listen(server, address.path, { ...address, elsewhere: "another unix:// path" }) };
  }
  return { port: await listenOnLoopback(server, address), remove: () => undefined };
}

/** As a content security policy names a style that may stand in the page. */
function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
