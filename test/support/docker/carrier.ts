import { once } from "node:events";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { request } from "node:http";
import { resolve } from "node:path";
import type { Host } from "../lab/host.js";
import type { Program } from "../lab/program.js";

const sockets = "/run/docker/plugins";

/** What the plug-in says instead of its own reply; `always` until the next order. */
export interface Order {
  readonly body?: string;
  readonly status?: number;
  readonly close?: true;
  readonly hang?: true;
  readonly flood?: true;
  readonly always?: true;
}

/** What the plug-in holds. */
export interface Books {
  readonly networks: Readonly<Record<string, object>>;
  readonly endpoints: Readonly<Record<string, { readonly network: string; readonly address: string }>>;
  readonly pools: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const emptyBooks: Books = { networks: {}, endpoints: {}, pools: {} };

/** The docker plug-in `carrier` of a host, a process that keeps its books in a file. */
export class Carrier implements AsyncDisposable {
  readonly socket = `${sockets}/carrier.sock`;
  readonly #books: string;
  #server: Program | undefined;

  constructor(private readonly host: Host) {
    this.#books = `${host.root}/../carrier-books`;
  }

  static async open(host: Host): Promise<Carrier> {
    const carrier = new Carrier(host);
    await carrier.start();
    return carrier;
  }

  async start(): Promise<void> {
    mkdirSync(sockets, { recursive: true });
    const argv = [process.execPath, resolve("test/support/docker/carrier-plugin.mjs"), this.socket, this.#books];
    this.#server = this.host.start(argv, { timeout: 600_000 });
    await this.#server.saying("serving");
  }

  /** Its socket stays, and nothing listens there. */
  async stop(): Promise<void> {
    this.#server?.kill("SIGTERM");
    await this.#server?.ended;
  }

  /** As one that has its books in memory alone: what it made goes too. */
  async forget(): Promise<void> {
    await this.stop();
    rmSync(this.#books, { force: true });
    await this.start();
  }

  say(orders: Readonly<Record<string, Order>>): Promise<unknown> {
    return this.#ask("Say", orders);
  }

  async books(): Promise<Books> {
    return (await this.#ask("Books")) as Books;
  }

  /** Verbs with bodies, since the last time. */
  async calls(): Promise<readonly string[]> {
    return (await this.#ask("Calls")) as readonly string[];
  }

  /** Verbs alone, without those that only ask. */
  async verbs(): Promise<readonly string[]> {
    const words = (await this.calls()).map((call) => call.split(" ")[0] ?? "");
    return words.filter((verb) => !/Activate|Capabilities|OperInfo|AddressSpaces/.test(verb));
  }

  async #ask(method: string, body: object = {}): Promise<unknown> {
    const asked = request({ socketPath: this.socket, method: "POST", path: `/Test.${method}`, agent: false });
    asked.end(JSON.stringify(body));
    const [reply] = (await once(asked, "response")) as [AsyncIterable<Buffer>];
    const chunks: Buffer[] = [];
    for await (const chunk of reply) chunks.push(chunk);
    return JSON.parse(Buffer.concat(chunks).toString());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    rmSync(this.#books, { force: true });
    if (existsSync(this.socket)) rmSync(this.socket);
  }
}
