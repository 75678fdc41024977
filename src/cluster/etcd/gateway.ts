import type { IncomingMessage } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { monotonicTime } from "../../contracts/clock.js";
import { callWithin } from "../../contracts/haste.js";
import { type Field, parseDocument } from "../../contracts/json-field.js";
import type { TsdError } from "../../errors/tsd-error.js";
import { readBody } from "./body.js";
import { Connections, type EtcdRequest } from "./exchange.js";
import { EtcdRefusal, MemberFault, notEtcd, refused, unreachable } from "./failures.js";
import { accessDenied, isStaleLogin, Login, readToken } from "./login.js";
import { refusalIn, refusalOf } from "./refusal.js";
import { type Timing, usualTiming } from "./timing.js";
import { type EtcdPlace, readTrust } from "./trust.js";
import { explainMissing } from "./version.js";

export interface Question<T> {
  /** Below `/v3/`. */
  readonly path: string;
  readonly body: object;
  /** It changes nothing. */
  readonly reads?: boolean;
  readonly read: (reply: Field) => T;
  /** What stands for the reply where etcd refuses; undefined: that is an error. */
  readonly ifRefused?: (refusal: EtcdRefusal) => T | undefined;
}

/** What a watch goes on by. */
export interface Stream {
  readonly url: string;
  readonly message: IncomingMessage;
}

/** How long members may take, in milliseconds; see {@link Timing}. */
type Bounds = Pick<Timing, "reply" | "deadline">;

/** The JSON gateway of etcd's members: one that fails is left for the next. */
export class Gateway implements Disposable {
  #current = 0;
  readonly #origins: readonly string[];
  readonly #connections: Connections;
  readonly #login: Login | undefined;

  constructor(
    readonly place: string,
    private readonly etcd: EtcdPlace,
    private readonly timing: Timing = usualTiming,
  ) {
    this.#origins = etcd.endpoints.map((url) => new URL(url).origin);
    this.#connections = new Connections(readTrust(etcd), timing);
    if (etcd.user !== undefined) this.#login = new Login(place, { ...etcd, user: etcd.user });
  }

  /**
   * What a request returns. It may be sent to several members: one that fails may have done it all the same. Throws `runtime` where no
   * member can be used or etcd refuses it, and `permission` where etcd does not allow it to this host.
   */
  async ask<T>(question: Question<T>): Promise<T> {
    return await callWithin(this.place, this.timing.deadline, (deadline) =>
      this.#ask(question, this.#within(deadline)),
    );
  }

  async #ask<T>({ path, body, reads = false, read, ifRefused }: Question<T>, bounds: Bounds): Promise<T> {
    const request = { path: `/v3/${path}`, body: JSON.stringify(body), reads, patience: bounds.reply };
    try {
      return await this.#anyMember(bounds, (origin) => this.#askAs(origin, request, read));
    } catch (error) {
      if (!(error instanceof EtcdRefusal)) throw error;
      const instead = ifRefused?.(error);
      if (instead !== undefined) return instead;
      throw this.explain(error);
    }
  }

  /** The error for a refusal that nothing can be made of. */
  explain(error: EtcdRefusal): TsdError {
    return accessDenied(this.place, this.etcd.user, error) ?? refused(this.place, error.reason);
  }

  /** A reply that goes on until `signal`, to several requests at once. Throws as {@link Gateway.ask}. */
  async stream(path: string, content: object, signal: AbortSignal): Promise<Stream> {
    const body = JSON.stringify(content);
    // Without this a member that has no leader any more keeps the watch, and is silent.
    const headers = { "grpc-metadata-hasleader": "true" };
    const request = { path: `/v3/${path}`, body, reads: true, patience: this.timing.reply, signal };
    try {
      return await this.#anyMember(this.timing, async (origin) => {
        const message = await this.#asUser(origin, request.patience, (signed) =>
          this.#reply(origin, { ...request, headers: { ...headers, ...signed } }),
        );
        return { url: origin, message };
      });
    } catch (error) {
      throw error instanceof EtcdRefusal ? this.explain(error) : error;
    }
  }

  /** The next request goes to another member. */
  rotate(): void {
    this.#current = (this.#current + 1) % this.#origins.length;
  }

  [Symbol.dispose](): void {
    this.#connections[Symbol.dispose]();
  }

  /** Where there is less time than usual, each member has its share, so that one that keeps silent hides no other. */
  #within(deadline: number): Bounds {
    const { reply } = this.timing;
    const share = deadline / this.#origins.length;
    return { deadline, reply: deadline < this.timing.deadline ? Math.min(reply, share) : reply };
  }

  async #anyMember<T>({ deadline }: Bounds, ask: (origin: string) => Promise<T>): Promise<T> {
    const end = monotonicTime() + deadline;
    const faults = new Map<string, MemberFault>();
    for (;;) {
      for (const _ of this.#origins) {
        const origin = this.#origins[this.#current] ?? "";
        try {
          return await ask(origin);
        } catch (error) {
          if (!(error instanceof MemberFault)) throw error;
          faults.set(origin, error);
          this.rotate();
        }
        if (monotonicTime() >= end) throw unreachable(this.place, faults);
      }
      if (![...faults.values()].some(({ more }) => more.passes)) throw unreachable(this.place, faults);
      await pause(this.timing.pause);
    }
  }

  async #askAs<T>(origin: string, request: EtcdRequest, read: (reply: Field) => T): Promise<T> {
    return await this.#asUser(origin, request.patience, (headers) =>
      this.#askOnce(origin, { ...request, headers }, read),
    );
  }

  /** Tokens end after minutes without use, at restarts of etcd, and when its users change. */
  async #asUser<T>(
    origin: string,
    patience: number,
    ask: (headers: Readonly<Record<string, string>>) => Promise<T>,
  ): Promise<T> {
    const login = this.#login;
    if (login === undefined) return await ask({});
    const authenticate = (body: object) => {
      const request = { path: "/v3/auth/authenticate", body: JSON.stringify(body), reads: true, patience };
      return this.#askOnce(origin, request, readToken);
    };
    const signed = async () => await ask({ authorization: await login.token(authenticate) });
    try {
      return await signed();
    } catch (error) {
      if (!(error instanceof EtcdRefusal && isStaleLogin(error))) throw error;
      login.forget();
      return await signed();
    }
  }

  async #askOnce<T>(origin: string, request: EtcdRequest, read: (reply: Field) => T): Promise<T> {
    const text = await readBody(await this.#reply(origin, request), request.patience);
    const document = parseDocument(text, "its reply", (fault) => notEtcd(fault));
    const refusal = refusalIn(document.value);
    if (refusal !== undefined) throw refusal;
    return read(document);
  }

  async #reply(origin: string, request: EtcdRequest): Promise<IncomingMessage> {
    const { status, message } = await this.#connections.send(origin, request);
    if (status === 200) return message;
    const text = await readBody(message, request.patience);
    const refusal = refusalOf(status, text);
    throw status === 404 && refusal instanceof MemberFault
      ? await explainMissing(this.#connections, { origin, patience: request.patience }, refusal)
      : refusal;
  }
}
