import { type Field, member, readWord } from "../../contracts/json-field.js";
import type { TsdError } from "../../errors/tsd-error.js";
import { denied, EtcdRefusal } from "./failures.js";
import { grpc } from "./refusal.js";
import { type EtcdPlace, readPassword } from "./trust.js";

/** A user of etcd's, and the token that it has at the moment. */
export class Login {
  #token: Promise<string> | undefined;

  constructor(
    private readonly place: string,
    private readonly etcd: EtcdPlace & { readonly user: string },
  ) {}

  /** Logs in where that is not done. Throws `permission`. */
  async token(authenticate: (body: object) => Promise<string>): Promise<string> {
    this.#token ??= this.#logIn(authenticate);
    try {
      return await this.#token;
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  forget(): void {
    this.#token = undefined;
  }

  async #logIn(authenticate: (body: object) => Promise<string>): Promise<string> {
    const { user, passwordFile } = this.etcd;
    const password = readPassword(this.etcd);
    try {
      return await authenticate({ name: user, password });
    } catch (error) {
      if (!(error instanceof EtcdRefusal)) throw error;
      if (error.code === grpc.failedPrecondition)
        throw denied(this.place, error.reason, "Leave --user away, or enable users: etcdctl auth enable");
      throw denied(
        this.place,
        `user ${user}: ${error.reason}`,
        `Check --user and the password in ${passwordFile ?? "--password-file"}: etcdctl user get ${user}`,
      );
    }
  }
}

export function readToken(reply: Field): string {
  return readWord(member(reply, "token"), "a token", (text) => /^[\x21-\x7e]{1,8192}$/.test(text));
}

export function isStaleLogin({ code, reason }: EtcdRefusal): boolean {
  return code === grpc.unauthenticated || /invalid auth token|auth store is old/.test(reason);
}

/** The error for a request that etcd does not do because of who asks; undefined for another refusal. */
export function accessDenied(place: string, user: string | undefined, error: EtcdRefusal): TsdError | undefined {
  const { code, reason } = error;
  if (user === undefined && (code === grpc.unauthenticated || /user name is empty/.test(reason)))
    return denied(place, reason, "Name a user of etcd with --user and --password-file.");
  if (code !== grpc.permissionDenied && code !== grpc.unauthenticated) return undefined;
  const role = "etcdctl role grant-permission ROLE readwrite --prefix=true /tsd/";
  return denied(place, `user ${user ?? "(none)"}: ${reason}`, `Let the user read and write below /tsd/: ${role}`);
}
