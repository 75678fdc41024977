import type { IncomingHttpHeaders, IncomingMessage, Agent as PlainAgent } from "node:http";
import type { Agent as TlsAgent } from "node:https";
import { connectionFault } from "../errors/connection-fault.js";
import { boundaryOperation } from "../kernel/boundary-operation.js";
import { unreachable } from "./failures.js";
import { steady } from "./steady.js";
import type { Timing } from "./timing.js";

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Ends with an error where nothing comes for too long. Reading it in part closes the connection. */
  readonly body: AsyncIterable<Buffer>;
  /** Drops what was not read. */
  discard(): void;
}

/** How the certificate of a server is judged. */
export interface Trust {
  /** PEM; absent: those that the runtime brings. */
  readonly ca?: readonly string[];
  readonly verifies: boolean;
}

/** Bytes of all header fields of a reply. */
const HEADERS_MAX = 32_768;

/** HTTP/1.1 connections to one registry and to where it leads, kept open from one request to the next. */
export class Connections implements Disposable {
  #plain: PlainAgent | undefined;
  readonly #tls = new Map<Trust, TlsAgent>();

  constructor(private readonly timing: Timing) {}

  /** One request, without following where its reply leads. Throws `runtime` if the server cannot be reached. */
  async get(url: URL, headers: Readonly<Record<string, string>>, trust: Trust): Promise<Reply> {
    const what = () => `GET ${url.origin}${url.pathname}`;
    return await boundaryOperation({ into: "registry", what, reads: true }, () => this.#get(url, headers, trust));
  }

  [Symbol.dispose](): void {
    this.#plain?.destroy();
    for (const agent of this.#tls.values()) agent.destroy();
  }

  async #get(url: URL, headers: Readonly<Record<string, string>>, trust: Trust): Promise<Reply> {
    const { request } = url.protocol === "https:" ? await import("node:https") : await import("node:http");
    const agent = url.protocol === "https:" ? await this.#tlsAgent(trust) : await this.#plainAgent();
    return await new Promise<Reply>((resolve, reject) => {
      const asked = request(url, { agent, headers, maxHeaderSize: HEADERS_MAX });
      const seconds = this.timing.firstByte / 1000;
      const timer = setTimeout(() => {
        // A name server that keeps silent holds the request where destroy() does not reach it.
        reject(unreachable(url.host, `it does not reply within ${seconds} seconds`));
        asked.destroy();
      }, this.timing.firstByte);
      asked.on("response", (message: IncomingMessage) => {
        clearTimeout(timer);
        resolve({
          status: message.statusCode ?? 0,
          headers: message.headers,
          body: steady(message, url.host, this.timing),
          discard: () => message.destroy(),
        });
      });
      asked.on("error", (error) => {
        clearTimeout(timer);
        reject(unreachable(url.host, connectionFault(error), error));
      });
      asked.end();
    });
  }

  async #plainAgent(): Promise<PlainAgent> {
    const { Agent } = await import("node:http");
    this.#plain ??= new Agent({ keepAlive: true });
    return this.#plain;
  }

  async #tlsAgent(trust: Trust): Promise<TlsAgent> {
    const { Agent } = await import("node:https");
    const agent = this.#tls.get(trust) ?? new Agent({ keepAlive: true, ...tlsOptions(trust) });
    this.#tls.set(trust, agent);
    return agent;
  }
}

function tlsOptions({ ca, verifies }: Trust): object {
  return { rejectUnauthorized: verifies, ...(ca === undefined ? {} : { ca: [...ca] }) };
}
