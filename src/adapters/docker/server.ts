import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { PROCESS } from "../../listening/listen.js";
import type { Reply } from "./reply.js";

/** Bytes of a request's body, and of its head. docker's have a few thousand. */
const LARGEST_BODY = 1 << 20;
const LARGEST_HEAD = 16_384;
/** Milliseconds for a request to arrive. */
const ARRIVAL = 10_000;
/** Milliseconds that calls have to be completed when the server ends: docker waits no longer for a reply. */
const COMPLETION = 30_000;
/** At a time. docker makes a call for each container that starts. */
const CONNECTIONS = 128;

export interface PluginServer {
  readonly server: Server;
  /** Completes the calls that have arrived, within a bound. All other connections end at once. */
  end(): Promise<void>;
}

/** A server of docker's plug-in protocol (HTTP/1.1 with JSON). What it is sent costs it a bounded time and room. */
export function makeServer(carryOut: (path: string, body: string) => Promise<Reply>): PluginServer {
  const connections = new Set<Socket>();
  /** Of calls that have arrived. */
  const busy = new Set<Socket>();
  let isEnding = false;
  const server = createServer(
    {
      maxHeaderSize: LARGEST_HEAD,
      headersTimeout: ARRIVAL,
      requestTimeout: ARRIVAL,
      connectionsCheckingInterval: ARRIVAL / 10,
      // Some docker sends an empty one.
      requireHostHeader: false,
      // docker keeps connections for later calls.
      keepAliveTimeout: 0,
    },
    (request, response) =>
      void serve(request, response, (path, body) => {
        const { socket } = request;
        busy.add(socket);
        response.once("close", () => {
          busy.delete(socket);
          if (isEnding) socket.destroySoon();
        });
        return carryOut(path, body);
      }),
  );
  server.maxConnections = CONNECTIONS;
  server.on("connection", (socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  return { server, end };

  async function end(): Promise<void> {
    isEnding = true;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of connections) if (!busy.has(socket)) socket.destroy();
    const bound = setTimeout(() => server.closeAllConnections(), COMPLETION);
    await closed;
    clearTimeout(bound);
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  carryOut: (path: string, body: string) => Promise<Reply>,
): Promise<void> {
  if (request.method !== "POST") {
    send(response, { status: 405, body: { Err: "tsd accepts the method POST alone" } });
    return;
  }
  const body = await bodyOf(request).catch(() => undefined);
  // The caller has gone.
  if (body === undefined) return;
  if (body === "too large") {
    response.shouldKeepAlive = false;
    send(response, { status: 413, body: { Err: `the request has more than ${LARGEST_BODY} bytes` } });
    return;
  }
  send(response, await carryOut(request.url ?? "/", body.text));
}

/** Rejects where the connection ends before the body does. What is too much is read no further. */
function bodyOf(request: IncomingMessage): Promise<{ readonly text: string } | "too large"> {
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= LARGEST_BODY) chunks.push(chunk);
      else {
        request.pause();
        resolve("too large");
      }
    });
    request.once("end", () => resolve({ text: Buffer.concat(chunks).toString("utf8") }));
    request.once("error", reject);
  });
}

function send(response: ServerResponse, { status, body }: Reply): void {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    "content-type": "application/vnd.docker.plugins.v1.1+json",
    "content-length": Buffer.byteLength(text),
    [PROCESS]: process.pid,
  });
  response.end(text);
}
