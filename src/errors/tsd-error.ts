const brand = Symbol.for("tsd.error");

/**
 * What went wrong, as a closed set that callers may switch over:
 * - `invalid-input`: the caller asked for something malformed or contradictory;
 * - `not-found`: the named thing does not exist;
 * - `conflict`: something else owns the name, address, port or state that was asked for;
 * - `exhausted`: a pool or a range has nothing left;
 * - `unsupported`: this machine, driver or backend cannot do it;
 * - `permission`: the caller may not do it;
 * - `kernel`: Linux refused a request that should have worked;
 * - `runtime`: a program that tsd runs (OCI runtime, conmon, nft, tar) failed;
 * - `store`: the state database cannot be read or written;
 * - `plugin`: third-party code failed.
 */
export type ErrorKind =
  | "invalid-input"
  | "not-found"
  | "conflict"
  | "exhausted"
  | "unsupported"
  | "permission"
  | "kernel"
  | "runtime"
  | "store"
  | "plugin";

export interface TsdErrorInit {
  /** Stable identifier `TSD_<AREA>_<FACT>`; scripts match on it, so it never changes meaning. */
  readonly code: string;
  readonly kind: ErrorKind;
  /** One sentence with the offending value and, for a conflict, its owner. No final newline. */
  readonly message: string;
  /** What to do next, as one imperative sentence. */
  readonly hint?: string;
  /** The values behind the message, for machines (`--json`). */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The only error that users of tsd are meant to see. Anything else that escapes is a bug. */
export class TsdError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(init: TsdErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = "TsdError";
    this.kind = init.kind;
    this.code = init.code;
    this.hint = init.hint;
    this.details = init.details ?? {};
    Object.defineProperty(this, brand, { value: true });
  }

  /**
   * True if `value` is a TsdError (of `kind`, where given). Use this, never `instanceof`: errors cross realms
   * (jest) and duplicate copies of the package (plug-ins).
   */
  static is(value: unknown, kind?: ErrorKind): value is TsdError {
    if (typeof value !== "object" || value === null || !(brand in value)) return false;
    return kind === undefined || ("kind" in value && value.kind === kind);
  }
}
