import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { digestOf } from "../tar-builder.js";

const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const OCI_INDEX = "application/vnd.oci.image.index.v1+json";

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** What a registry holds under one repository, `team/app`. */
export interface Content {
  /** Layers as they are sent, lowest first. */
  readonly layers: readonly Buffer[];
  /** The same layers as tars. */
  readonly tars: readonly Buffer[];
  readonly config?: Readonly<Record<string, unknown>>;
}

/** A registry in this process that sends what a test has it send, true or not. */
export class UntrustedRegistry {
  /** In place of what it holds, by path: `/v2/team/app/manifests/1`. */
  readonly overrides = new Map<string, Handler>();
  /** Each request: its path, and its credentials. */
  readonly asked: { readonly path: string; readonly authorization: string | undefined; readonly range?: string }[] = [];
  readonly #files = new Map<string, { readonly type: string; readonly bytes: Buffer }>();
  readonly #server: Server;

  private constructor(tls: ServerOptions | undefined) {
    const listener: RequestListener = (request, response) => this.#serve(request, response);
    this.#server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  }

  static async start(tls?: ServerOptions): Promise<UntrustedRegistry> {
    const registry = new UntrustedRegistry(tls);
    await new Promise<void>((resolve) => registry.#server.listen(0, "127.0.0.1", resolve));
    return registry;
  }

  /** `127.0.0.1:PORT`. */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Has it hold a blob or a manifest; returns its descriptor. */
  add(kind: "blobs" | "manifests", bytes: Buffer, type = "application/octet-stream", ...tags: readonly string[]) {
    const digest = digestOf(bytes);
    for (const name of [digest, ...tags]) this.#files.set(`/v2/team/app/${kind}/${name}`, { type, bytes });
    return { mediaType: type, digest, size: bytes.length };
  }

  /** Has it hold an image, and returns the manifest's descriptor. */
  addImage({ layers, tars, config = {} }: Content, ...tags: readonly string[]) {
    const document = { architecture: "amd64", os: "linux", config, rootfs: { diff_ids: tars.map(digestOf) } };
    const manifest = {
      schemaVersion: 2,
      config: this.add("blobs", json(document)),
      layers: layers.map((layer) => this.add("blobs", layer)),
    };
    return this.add("manifests", json(manifest), OCI_MANIFEST, ...tags);
  }

  addIndex(manifests: readonly object[], ...tags: readonly string[]) {
    return this.add("manifests", json({ schemaVersion: 2, manifests }), OCI_INDEX, ...tags);
  }

  /** Paths that were asked for, without the ping. */
  paths(): readonly string[] {
    return this.asked.map(({ path }) => path.replace("/v2/team/app/", "")).filter((path) => path !== "/v2/");
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const [path = ""] = (request.url ?? "").split("?", 1);
    const { authorization, range } = request.headers;
    this.asked.push({ path, authorization, ...(range === undefined ? {} : { range }) });
    const override = this.overrides.get(path);
    if (override !== undefined) override(request, response);
    else this.send(request, response);
  }

  /** Sends truly what it holds, from where the client asks on. */
  send(request: IncomingMessage, response: ServerResponse): void {
    const [path = ""] = (request.url ?? "").split("?", 1);
    const file = this.#files.get(path);
    if (file === undefined) {
      response.writeHead(path === "/v2/" ? 200 : 404).end();
      return;
    }
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const bytes = file.bytes.subarray(start);
    const range = { "content-range": `bytes ${start}-${file.bytes.length - 1}/${file.bytes.length}` };
    response.writeHead(start === 0 ? 200 : 206, {
      "content-type": file.type,
      "content-length": bytes.length,
      ...(start === 0 ? {} : range),
    });
    response.end(bytes);
  }
}

export function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
