import type { Asked, NameView } from "../../contracts/index.js";
import * as codes from "../message/codes.js";
import { encodeName } from "../message/name.js";
import type { Query } from "../message/query.js";
import { type OwnRecord, type ReplyContent, writeFailure, writeReply } from "../message/reply.js";
import { reverseAddress } from "../message/reverse-name.js";
import { addressRecords } from "./address-records.js";
import { Rotation } from "./rotation.js";

const found = (records: readonly OwnRecord[]): ReplyContent => ({
  code: codes.NOERROR,
  authoritative: true,
  records,
});
const UNKNOWN: ReplyContent = { code: codes.NXDOMAIN, authoritative: true, records: [] };

/** Replies to queries for names that are tsd's to say. */
export class OwnNames {
  readonly #rotation = new Rotation();

  /**
   * A reply of at most `limit` octets; undefined if the name is the world's. A name that is there gets no NXDOMAIN whatever is
   * asked of it: a client that asks for both families at once (musl) takes that for both.
   */
  reply(query: Query, view: NameView, limit: number): Buffer | Asked | undefined {
    const content = this.#contentFor(query, view);
    if (content === undefined || content instanceof Promise) return content;
    return isInternet(query) ? writeReply(query, content, limit) : writeFailure(query, codes.REFUSED);
  }

  /**
   * A reply about a name that no other server knows; undefined if it is none of tsd's with a search domain behind it. Some
   * programs ask for `db.corp` and never for `db`, whatever `ndots` says (busybox nslookup).
   */
  replyInSearch(query: Query, view: NameView, limit: number): Buffer | Asked | undefined {
    const addresses = isInternet(query) ? view.searched(query.name) : undefined;
    if (addresses === undefined || addresses instanceof Promise) return addresses;
    return writeReply(query, this.#addresses(query, addresses), limit);
  }

  #contentFor({ name, type }: Query, view: NameView): ReplyContent | Asked | undefined {
    if (name === "") return undefined;
    const host = hostOf(name, view);
    if (host instanceof Promise) return host;
    if (host !== undefined) return found(isPointer(type) ? [{ type: codes.TYPE_PTR, data: host }] : []);
    const meaning = view.meaning(name);
    if (meaning instanceof Promise) return meaning;
    if (meaning.kind === "foreign") return undefined;
    if (meaning.kind === "unknown") return UNKNOWN;
    return this.#addresses({ name, type }, meaning.addresses);
  }

  #addresses({ name, type }: Pick<Query, "name" | "type">, addresses: readonly string[]): ReplyContent {
    return found(this.#rotation.next(`${type} ${name}`, addressRecords(addresses, type)));
  }
}

const isInternet = ({ class: asked }: Query): boolean => asked === codes.CLASS_IN || asked === codes.CLASS_ANY;
const isPointer = (type: number): boolean => type === codes.TYPE_PTR || type === codes.TYPE_ANY;

/** The octets of the host's name that a name of a reverse zone stands for. */
function hostOf(name: string, view: NameView): Buffer | Asked | undefined {
  const address = reverseAddress(name);
  const host = address === undefined ? undefined : view.nameOf(address);
  if (host instanceof Promise) return host;
  return host === undefined ? undefined : encodeName(host);
}
