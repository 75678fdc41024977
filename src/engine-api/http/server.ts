import { createServer, type IncomingMessage, type Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Connections } from "./connections.js";
import { type Common, Exchange } from "./exchange.js";
import { takeBody } from "./upgrade.js";

/** Bytes of a request's head. Some clients repeat the body in the URL, where Node.js would refuse 16 KiB with 431. */
const LARGEST_HEAD = 1 << 20;
/** Milliseconds for the head of a request to arrive. */
const HEAD_ARRIVAL = 30_000;
/** Milliseconds that a client may keep a connection which it does not use. */
const KEPT = 5000;
/** At a time. */
const CONNECTIONS = 4096;
/** Milliseconds that replies have to end when the server ends. */
const COMPLETION = 10_000;

export interface EngineServer {
  readonly server: Server;
  /** Whether a request is under way, or a client has just connected. */
  isBusy(): boolean;
  /** Accepts nothing more, and returns once all replies have ended, within a bound. */
  end(): Promise<void>;
}

/** An HTTP/1.1 server whose requests may become connections of their own. `carryOut` gives each exchange its reply, and does not throw. */
export function makeServer(
  common: Common,
  carryOut: (exchange: Exchange) => Promise<void>,
  { headArrival = HEAD_ARRIVAL } = {},
): EngineServer {
  const connections = new Connections(headArrival);
  const ending = new AbortController();
  const { signal: ends } = ending;
  let open = 0;
  const during = async (work: () => Promise<void>): Promise<void> => {
    open += 1;
    try {
      await work();
    } finally {
      open -= 1;
    }
  };
  const server = createServer(
    {
      maxHeaderSize: LARGEST_HEAD,
      // See Connections.
      headersTimeout: 0,
      // An archive may take its time.
      requestTimeout: 0,
      keepAliveTimeout: KEPT,
      requireHostHeader: false,
    },
    (request, response) => {
      connections.request(request.socket, response);
      const exchange = new Exchange({ request, response, input: request, common, socket: undefined, ends });
      void during(() => carryOut(exchange));
    },
  );
  server.maxConnections = CONNECTIONS;
  server.on("connection", (socket) => connections.add(socket));
  server.on("upgrade", (request, socket, head) => {
    connections.upgrade(request.socket);
    // One that comes before the reply to an earlier request of the same connection cannot have a reply.
    during(() => upgrade(request, socket as Socket, head)).catch(() => socket.destroy());
  });
  return { server, isBusy: () => open > 0 || connections.hasFresh, end };

  async function upgrade(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    socket.on("error", () => undefined);
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    const body = await takeBody(request, socket, head).catch((error: unknown) => ({ error }));
    response.assignSocket(socket);
    response.once("finish", () => {
      socket.end();
      // What follows the request is dropped: a connection with input that nobody takes would never close.
      socket.resume();
    });
    const isBody = !("error" in body);
    const exchange = new Exchange({ request, response, input: isBody ? body : request, common, socket, ends });
    if (isBody) await carryOut(exchange);
    else exchange.fail(body.error);
  }

  async function end(): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve));
    ending.abort();
    await Promise.all([closed, connections.end(COMPLETION)]);
  }
}
