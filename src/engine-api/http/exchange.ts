import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type Duplex, Readable, type Writable } from "node:stream";
import type { Field } from "../../contracts/json-field.js";
import { printable } from "../../errors/printable.js";
import { readJson } from "./body.js";
import { failureOf } from "./failure.js";
import { moving } from "./moving.js";
import { Query } from "./query.js";

/** What a reply says of the server, and what clients compare. */
export type Common = Readonly<Record<string, string>>;

interface Parts {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The body, wherever it comes from. */
  readonly input: Readable;
  readonly common: Common;
  /** Of a request that asks for an upgrade: where the reply goes after it. */
  readonly socket: Socket | undefined;
  /** Aborted once the server ends. */
  readonly ends: AbortSignal;
}

/** One request and the reply to it, which is given once. */
export class Exchange {
  readonly method: string;
  /** With the version, as it was sent. */
  readonly path: string;
  readonly query: Query;
  /** Aborted once the client has gone before the end of its reply, or the server ends. */
  readonly left: AbortSignal;
  private isTaken = false;

  constructor(private readonly parts: Parts) {
    const { request, response, socket } = parts;
    const url = request.url ?? "/";
    const mark = url.indexOf("?");
    this.method = request.method ?? "GET";
    this.path = mark < 0 ? url : url.slice(0, mark);
    this.query = new Query(new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1)));
    const gone = new AbortController();
    this.left = AbortSignal.any([gone.signal, parts.ends]);
    response.once("close", () => {
      if (!response.writableFinished) gone.abort();
    });
    socket?.once("close", () => gone.abort());
    // Without a listener the end of a client would end the process.
    response.on("error", () => undefined);
    socket?.on("error", () => undefined);
  }

  header(name: string): string | undefined {
    const value = this.parts.request.headers[name];
    return Array.isArray(value) ? value[0] : value;
  }

  body(): Promise<Field> {
    return readJson(this.parts.input, this.header("content-type"));
  }

  /** A body that is an archive, as it comes. */
  upload(): Readable {
    return Readable.from(moving(this.parts.input), { objectMode: false });
  }

  json(status: number, value: unknown): void {
    this.bytes(status, `${JSON.stringify(value)}\n`, { "Content-Type": "application/json" });
  }

  /** Without a body. */
  empty(status: number, headers: Common = {}): void {
    this.bytes(status, "", headers);
  }

  text(status: number, text: string, headers: Common = {}): void {
    this.bytes(status, text, { "Content-Type": "text/plain; charset=utf-8", ...headers });
  }

  /** A reply of unknown length, whose head goes out at once. Its end is the caller's. */
  stream(type: string, headers: Common = {}): Writable {
    const { response, common } = this.parts;
    this.isTaken = true;
    response.writeHead(200, { ...common, ...headers, "Content-Type": type });
    response.flushHeaders();
    return response;
  }

  /**
   * The connection itself, both ways, for a client that asked for it; for another one a stream that it only reads. Its end is the
   * caller's.
   */
  hijack(type: string): Duplex | Writable {
    const { response, socket, common } = this.parts;
    if (socket === undefined) return this.stream(type);
    this.isTaken = true;
    response.detachSocket(socket);
    const head = { ...common, "Content-Type": type, Connection: "Upgrade", Upgrade: "tcp" };
    const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`HTTP/1.1 101 UPGRADED\r\n${lines.join("")}\r\n`);
    return socket;
  }

  /** The reply to what failed. Where a reply has begun, the connection breaks: the client must not take it for whole. */
  fail(thrown: unknown): void {
    const { response, socket } = this.parts;
    if (this.isTaken) {
      response.destroy();
      socket?.destroy();
      return;
    }
    const { status, message } = failureOf(thrown);
    // What is left of its body is read no further.
    response.shouldKeepAlive = false;
    this.json(status, { message: printable(message) });
  }

  private bytes(status: number, text: string, headers: Common): void {
    const { response, request, common } = this.parts;
    this.isTaken = true;
    const hasBody = status !== 204 && status !== 304;
    const length = hasBody ? { "Content-Length": String(Buffer.byteLength(text)) } : {};
    response.writeHead(status, { ...common, ...headers, ...length });
    response.end(request.method === "HEAD" || !hasBody ? undefined : text);
  }
}
