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
  [/ALERT_CERTIFICATE_REQUIRED$/, "it asks for a certificate of this host"],
  [/ALERT_(BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_\w+|DECRYPT_ERROR)$/, "it does not accept this host's certificate"],
];

/** What a server that speaks no TLS makes of it. */
const NO_TLS = /^(ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)|EPROTO)$/;

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

export function memberFault(error: unknown): MemberFault {
  const code = String((error as NodeJS.ErrnoException).code);
  if (NO_TLS.test(code))
    return notEtcd("it does not speak TLS", "Write http:// in its URL, if etcd is to have no TLS.", error);
  const words = tlsFaults.find(([codes]) => codes.test(code))?.[1];
  if (words === undefined) return new MemberFault(connectionFault(error), { cause: error });
  const hint = "Check --ca, --cert and --key, and the name or address in the URL: openssl s_client -connect HOST:PORT";
  return new MemberFault(words, { hint, cause: error });
}

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

/** What answers there is no etcd, or one that is too old. */
export function notEtcd(found: string, hint?: string, cause?: unknown): MemberFault {
  return new MemberFault(found, {
    cause,
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
