import { connectionFault, quoted } from "../../errors/connection-fault.js";
import { TsdError } from "../../errors/tsd-error.js";

/** What is wrong with a certificate, by codes of Node.js, of which OpenSSL's vary in a prefix. */
const tlsFaults: readonly (readonly [code: RegExp, words: string])[] = [
  [
    /^(UNABLE_TO_(VERIFY|GET)_|SELF_SIGNED_CERT_IN_CHAIN|CERT_SIGNATURE_FAILURE)/,
    "its certificate is not signed by the given authority",
  ],
  [/^DEPTH_ZERO_SELF_SIGNED_CERT/, "its certificate is signed by itself alone"],
  [/^CERT_HAS_EXPIRED/, "its certificate has expired"],
  [/^CERT_NOT_YET_VALID/, "its certificate is not valid yet"],
  [/^ERR_TLS_CERT_ALTNAME_INVALID/, "its certificate is for another name"],
  [
    /ALERT_(BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_\w+|DECRYPT_ERROR)$/,
    "it wants a certificate that it trusts from this host",
  ],
];

/** What a server that speaks no TLS makes of it, or one that speaks nothing else. */
const OTHER_SCHEME = /^(ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)|EPROTO|ECONNRESET|ERR_SOCKET_CLOSED)$/;

/** Why one member could not be used; another may. */
export class MemberFault extends Error {
  constructor(
    readonly why: string,
    readonly more: {
      readonly hint?: string;
      /** It has to do with an election, which ends. */
      readonly passes?: boolean;
      readonly cause?: unknown;
    } = {},
  ) {
    super(why, { cause: more.cause });
  }
}

/** etcd understood a request and does not do it. `code` is gRPC's. */
export class EtcdRefusal extends Error {
  constructor(
    readonly code: number,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** What Node.js reports of a connection; `url` is the member's, where none came about yet. */
export function memberFault(error: unknown, url?: URL): MemberFault {
  const code = String((error as NodeJS.ErrnoException).code);
  const words = tlsFaults.find(([codes]) => codes.test(code))?.[1];
  if (words !== undefined) {
    const hint =
      "Check --ca, --cert and --key, and the name or address in the URL: openssl s_client -connect HOST:PORT";
    return new MemberFault(words, { hint, cause: error });
  }
  const hint = url !== undefined && OTHER_SCHEME.test(code) ? otherScheme[url.protocol] : undefined;
  return new MemberFault(connectionFault(error), { ...(hint === undefined ? {} : { hint }), cause: error });
}

const otherScheme: Readonly<Record<string, string>> = {
  "http:": "If etcd has TLS, write https:// in its URL.",
  "https:": "If etcd has no TLS, write http:// in its URL.",
};

/** The error where every member was asked. */
export function unreachable(place: string, faults: ReadonlyMap<string, MemberFault>): TsdError {
  const shown = [...faults].map(([url, { why }]) => `${url}: ${why}`).slice(0, 5);
  const hint = [...faults.values()].find(({ more }) => more.hint !== undefined)?.more.hint;
  return new TsdError({
    kind: "runtime",
    code: "TSD_CLUSTER_UNREACHABLE",
    message: `${place} cannot be used: ${shown.join("; ")}`,
    hint: hint ?? "Check that a majority of etcd's members runs and can be reached: etcdctl endpoint health --cluster",
    details: { place, faults: Object.fromEntries([...faults].map(([url, { why }]) => [url, why])) },
    cause: [...faults.values()].at(-1)?.cause,
  });
}

/** What listens there is no etcd, or one that is too old. */
export function notEtcd(found: string, hint?: string): MemberFault {
  return new MemberFault(found, {
    hint: hint ?? "Name the client URLs of etcd 3.4 or newer, as `etcdctl member list` prints them.",
  });
}

export function denied(place: string, message: string, hint: string): TsdError {
  return new TsdError({
    kind: "permission",
    code: "TSD_CLUSTER_DENIED",
    message: `${place} denies access: ${quoted(message)}`,
    hint,
    details: { place },
  });
}

/** The error for what etcd refuses for another reason. */
export function refused(place: string, message: string): TsdError {
  return new TsdError({
    kind: "runtime",
    code: "TSD_CLUSTER_REFUSED",
    message: `${place} refuses a request: ${quoted(message)}`,
    hint: "See what etcd logs.",
    details: { place },
  });
}

/** The error for more records than this host keeps in memory at once. */
export function tooLarge(place: string, prefix: string, most: number): TsdError {
  return new TsdError({
    kind: "runtime",
    code: "TSD_CLUSTER_TOO_LARGE",
    message: `${place} has more than ${most} characters of records below ${prefix}`,
    hint: `Find out what wrote them: etcdctl get --prefix --keys-only '${prefix}'`,
    details: { place, prefix, most },
  });
}
