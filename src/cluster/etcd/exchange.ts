import type { IncomingMessage, RequestOptions } from "node:http";
import { boundaryOperation } from "../../kernel/boundary-operation.js";
import { MemberFault, memberFault } from "./failures.js";
import type { Timing } from "./timing.js";
import type { Trust } from "./trust.js";

export interface EtcdRequest {
  readonly path: string;
  readonly body?: string;
  /** It changes nothing. */
  readonly reads: boolean;
  /** Milliseconds until the reply is whole; for a watch, until it begins. */
  readonly patience: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface EtcdReply {
  readonly status: number;
  readonly message: IncomingMessage;
}

/** How members of one scheme are asked. */
interface Door {
  readonly request: typeof import("node:http").request;
  readonly agent: import("node:http").Agent;
}

/** Bytes of all header fields of a reply. */
const HEADERS_MAX = 16_384;

/** HTTP/1.1 connections to the members of one etcd, kept open from one request to the next. */
export class Connections implements Disposable {
  readonly #doors = new Map<string, Promise<Door>>();

  constructor(
    private readonly trust: Trust,
    private readonly timing: Pick<Timing, "keepAlive">,
  ) {}

  /** The reply to one request once its header is there. Throws a {@link MemberFault}. */
  async send(origin: string, request: EtcdRequest): Promise<EtcdReply> {
    const { path, reads } = request;
    const what = () => `${request.body === undefined ? "GET" : "POST"} ${origin}${path}`;
    return await boundaryOperation({ into: "cluster", what, reads }, () => this.#send(origin, request));
  }

  [Symbol.dispose](): void {
    for (const door of this.#doors.values()) void door.then(({ agent }) => agent.destroy());
  }

  async #send(origin: string, { path, body, patience, headers, signal }: EtcdRequest): Promise<EtcdReply> {
    const url = new URL(path, origin);
    const door = this.#doors.get(url.protocol) ?? this.#open(url.protocol);
    this.#doors.set(url.protocol, door);
    const { request, agent } = await door;
    const options: RequestOptions = {
      agent,
      method: body === undefined ? "GET" : "POST",
      headers: { ...headers, ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }) },
      maxHeaderSize: HEADERS_MAX,
      ...(signal === undefined ? {} : { signal }),
    };
    const { promise, resolve, reject } = Promise.withResolvers<EtcdReply>();
    const asked = request(url, options);
    const timer = setTimeout(() => {
      // A name server that keeps silent holds the request where destroy() does not reach it.
      reject(new MemberFault(`it does not reply within ${patience / 1000} seconds`));
      asked.destroy();
    }, patience);
    asked.on("socket", (socket) => socket.setKeepAlive(true, this.timing.keepAlive));
    asked.on("response", (message) => {
      clearTimeout(timer);
      resolve({ status: message.statusCode ?? 0, message });
    });
    asked.on("error", (error) => {
      clearTimeout(timer);
      reject(memberFault(error, url));
    });
    asked.end(body);
    return await promise;
  }

  async #open(protocol: string): Promise<Door> {
    if (protocol === "https:") {
      const { request, Agent } = await import("node:https");
      return { request, agent: new Agent({ keepAlive: true, minVersion: "TLSv1.2", ...this.trust }) };
    }
    const { request, Agent } = await import("node:http");
    return { request, agent: new Agent({ keepAlive: true }) };
  }
}
