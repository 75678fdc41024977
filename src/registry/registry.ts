import { setTimeout as pause } from "node:timers/promises";
import { TsdError } from "../errors/tsd-error.js";
import { type Authorisation, authorise } from "./authorisation.js";
import { type Challenge, readChallenge } from "./challenge.js";
import type { CredentialSource } from "./credentials.js";
import { Connections, type Reply, type Trust } from "./exchange.js";
import { dishonest, refusedBy, unreachable } from "./failures.js";
import { requirePlace } from "./places.js";
import type { RegistryAddress } from "./registry-address.js";
import { type Timing, usualTiming } from "./timing.js";
import { trustOf } from "./trust.js";

export interface RegistryOptions {
  readonly credentials: CredentialSource;
  readonly userAgent: string;
  /** Directories with certificates of single registries; default docker's and podman's. */
  readonly certificates?: readonly string[];
  readonly timing?: Timing;
}

/** A document as a registry sent it. */
export interface Document {
  readonly bytes: Buffer;
  /** `Content-Type` without parameters. */
  readonly type: string;
}

/** A registry that leads on more often leads in circles. */
const REDIRECTS_MAX = 5;
/** Repetitions of one small request. */
const TRIES = 3;

const redirects = new Set([301, 302, 303, 307, 308]);

/** How one registry is reached. */
interface Session {
  readonly address: RegistryAddress;
  /** Scheme and authority. */
  readonly base: URL;
  readonly repository: string;
  readonly trust: Trust;
  readonly connections: Connections;
  readonly options: RegistryOptions;
}

/** Pulls from one repository of a registry, by the OCI distribution specification; made by {@link Registry.open}. */
export class Registry implements Disposable {
  readonly host: string;
  readonly timing: Timing;
  #authorisation: Authorisation | undefined;
  readonly #others = new Map<string, Trust>();

  private constructor(private readonly session: Session) {
    this.host = session.address.host;
    this.timing = session.options.timing ?? usualTiming;
  }

  /** Finds out how the registry is reached, and logs in where it asks for that. Throws `runtime` or `permission`. */
  static async open(address: RegistryAddress, repository: string, options: RegistryOptions): Promise<Registry> {
    const connections = new Connections(options.timing ?? usualTiming);
    try {
      const trust = await trustOf(address.authority, !address.isInsecure, options.certificates);
      const { base, challenge } = await ping(address, connections, trust, options);
      const registry = new Registry({ address, base, repository, trust, connections, options });
      if (challenge !== undefined) await registry.#logIn(challenge);
      return registry;
    } catch (error) {
      connections[Symbol.dispose]();
      throw error;
    }
  }

  /** A small file: a manifest or a configuration. Throws as {@link Registry.get}, and `invalid-input` for a large one. */
  async document(path: string, accept: string, most: number): Promise<Document> {
    for (let tried = 1; ; tried++) {
      try {
        return await this.#document(path, accept, most);
      } catch (error) {
        if (!isPassing(error) || tried === TRIES) throw error;
        await pause(this.timing.pause * 2 ** (tried - 1));
      }
    }
  }

  /**
   * Asks for `path` of the repository, from byte `start` on, and follows where the reply leads. Returns a reply of status 200
   * or 206. Throws `runtime`, `permission` and `not-found`.
   */
  async get(
    path: string,
    { accept, start = 0 }: { readonly accept?: string; readonly start?: number },
  ): Promise<Reply> {
    const { base, repository, options } = this.session;
    const url = new URL(`/v2/${repository}/${path}`, base);
    const headers = {
      "user-agent": options.userAgent,
      "accept-encoding": "identity",
      ...(accept === undefined ? {} : { accept }),
      ...(start === 0 ? {} : { range: `bytes=${start}-` }),
    };
    let reply = await this.#ask(url, headers);
    const challenge = reply.status === 401 ? readChallenge(reply.headers["www-authenticate"]) : undefined;
    if (challenge !== undefined && this.#authorisation?.isRefused !== true) {
      reply.discard();
      await this.#logIn(challenge);
      reply = await this.#ask(url, headers);
    }
    reply = await this.#follow(url, reply, headers);
    if (reply.status === 200 || reply.status === 206) return reply;
    reply.discard();
    throw refusedBy(this.host, this.#nameOf(path), reply.status);
  }

  [Symbol.dispose](): void {
    this.session.connections[Symbol.dispose]();
  }

  async #document(path: string, accept: string, most: number): Promise<Document> {
    const { headers, body } = await this.get(path, { accept });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body) {
      size += chunk.length;
      if (size > most) throw dishonest(this.host, `sends more than ${most} bytes of ${path}, too many for a document`);
      chunks.push(chunk);
    }
    const declared = Number(headers["content-length"] ?? size);
    if (declared !== size) throw unreachable(this.host, `it broke off after ${size} of ${declared} bytes of ${path}`);
    return { bytes: Buffer.concat(chunks), type: (headers["content-type"] ?? "").split(";", 1)[0]?.trim() ?? "" };
  }

  /** To the registry itself, the only place that gets credentials. */
  async #ask(url: URL, headers: Readonly<Record<string, string>>): Promise<Reply> {
    const authorization = this.#authorisation?.header;
    const all = authorization === undefined ? headers : { ...headers, authorization };
    return await this.session.connections.get(url, all, this.session.trust);
  }

  async #follow(from: URL, first: Reply, headers: Readonly<Record<string, string>>): Promise<Reply> {
    const { base, address, connections } = this.session;
    const journey = { host: this.host, allowsPlain: base.protocol === "http:" || address.isInsecure };
    let [url, reply] = [from, first];
    for (let count = 0; redirects.has(reply.status); count++) {
      reply.discard();
      if (count === REDIRECTS_MAX) throw dishonest(this.host, `redirects more than ${REDIRECTS_MAX} times`);
      url = await requirePlace(reply.headers.location ?? "", url, journey);
      reply = await connections.get(url, headers, await this.#trustOf(url));
    }
    return reply;
  }

  /** That a registry is insecure says nothing of the places that it leads to. */
  async #trustOf({ host }: URL): Promise<Trust> {
    const { base, trust, options } = this.session;
    if (host === base.host) return trust;
    const known = this.#others.get(host) ?? (await trustOf(host, true, options.certificates));
    this.#others.set(host, known);
    return known;
  }

  #nameOf(path: string): string {
    const { repository } = this.session;
    const [kind, selector = ""] = path.split("/", 2);
    if (kind !== "manifests") return `${repository} ${path}`;
    return `image ${repository}${selector.includes(":") ? "@" : ":"}${selector}`;
  }

  async #logIn(challenge: Challenge): Promise<void> {
    const { base, repository, address, options, connections } = this.session;
    this.#authorisation = await authorise(challenge, {
      host: this.host,
      base,
      repository,
      isInsecure: address.isInsecure,
      source: options.credentials,
      get: async (url, headers) =>
        connections.get(url, { "user-agent": options.userAgent, ...headers }, await this.#trustOf(url)),
    });
  }
}

/** Worth another try: the connection failed, or the registry says that it is busy. */
export function isPassing(error: unknown): boolean {
  if (!TsdError.is(error)) return false;
  const { status } = error.details;
  return error.code === "TSD_REGISTRY_UNREACHABLE" || (error.code === "TSD_REGISTRY_FAILED" && Number(status) >= 429);
}

/** Asks for the root of the API: by TLS, and of an insecure registry that has none by plain HTTP. */
async function ping(
  { authority, isInsecure, scheme }: RegistryAddress,
  connections: Connections,
  trust: Trust,
  { userAgent }: RegistryOptions,
): Promise<{ readonly base: URL; readonly challenge: Challenge | undefined }> {
  const ask = async (base: URL) => {
    const reply = await connections.get(new URL("/v2/", base), { "user-agent": userAgent }, trust);
    reply.discard();
    return { base, challenge: reply.status === 401 ? readChallenge(reply.headers["www-authenticate"]) : undefined };
  };
  try {
    return await ask(new URL(`${scheme ?? "https"}://${authority}`));
  } catch (error) {
    if (!isInsecure || scheme !== undefined) throw error;
    return await ask(new URL(`http://${authority}`));
  }
}
