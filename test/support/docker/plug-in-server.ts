import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PluginClient } from "../../../src/hosts/docker/plugin-client.js";
import type { PluginPlaces } from "../../../src/hosts/docker/plugin-places.js";

/** What a verb replies; undefined: 404. */
export type Replies = (verb: string, body: Record<string, unknown>) => unknown;

/** A docker plug-in `p` within this process, in directories of its own. */
export class PluginServer implements AsyncDisposable {
  readonly directory = mkdtempSync(join(tmpdir(), "tsd-plugin-"));
  readonly places: PluginPlaces = { sockets: `${this.directory}/run`, specs: [`${this.directory}/etc`] };
  readonly calls: (readonly [verb: string, body: unknown])[] = [];
  readonly heads: IncomingMessage["headers"][] = [];
  readonly #server: Server;

  private constructor(listener: RequestListener) {
    for (const path of [this.places.sockets, ...this.places.specs]) mkdirSync(path);
    this.#server = createServer((request, response) => {
      this.heads.push(request.headers);
      listener(request, response);
    });
  }

  /** `listener` does as it likes. */
  static async open(listener: RequestListener): Promise<PluginServer> {
    const server = new PluginServer(listener);
    await server.listen();
    return server;
  }

  /** One that keeps to the protocol; an error thrown by `replies` becomes the protocol's. */
  static async replying(replies: Replies): Promise<PluginServer> {
    const server: PluginServer = new PluginServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const verb = request.url?.slice(1) ?? "";
        const text = Buffer.concat(chunks).toString();
        const body = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
        if (verb !== "Plugin.Activate") server.calls.push([verb, body]);
        const reply = replyTo(verb, body, replies);
        response.writeHead(reply === undefined ? 404 : 200).end(reply === undefined ? "" : JSON.stringify(reply));
      });
    });
    await server.listen();
    return server;
  }

  client(patience = { reply: 2000, pauses: [1, 1], afterFailure: 500 }): PluginClient {
    return new PluginClient("p", this.places, patience);
  }

  listen(at: string | number = `${this.places.sockets}/p.sock`): Promise<void> {
    return new Promise((resolve) => this.#server.listen(at, resolve));
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address ? address.port : 0;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
    rmSync(this.directory, { recursive: true });
  }
}

function replyTo(verb: string, body: Record<string, unknown>, replies: Replies): unknown {
  if (verb === "Plugin.Activate") return { Implements: ["NetworkDriver", "IpamDriver"] };
  try {
    return replies(verb, body);
  } catch (error) {
    return { [verb.startsWith("Ipam") ? "Error" : "Err"]: (error as Error).message };
  }
}
