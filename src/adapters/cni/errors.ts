import { TsdError } from "../../errors/tsd-error.js";

/** Numbers of errors as the specification has them (SPEC.md, "Error"), and of its libraries (8 and 999). */
const numbers: Readonly<Record<string, number>> = {
  TSD_CNI_VERSION: 1,
  TSD_CNI_FIELD: 2,
  TSD_CNI_CONTAINER: 3,
  TSD_CNI_ENVIRONMENT: 4,
  TSD_CNI_INPUT: 5,
  TSD_CNI_JSON: 6,
  TSD_CNI_CONFIG: 7,
  TSD_CNI_NETNS: 8,
  TSD_NETNS_INVALID: 8,
  TSD_NETNS_MISSING: 8,
  TSD_NETWORK_BUSY: 11,
  TSD_ENDPOINT_BUSY: 11,
  TSD_STORE_BUSY: 11,
  TSD_CNI_UNAVAILABLE: 50,
};

/** From 100 on numbers are the plug-in's own: one for each kind of error that the specification has no number for. */
const kinds: Readonly<Record<string, number>> = {
  "invalid-input": 7,
  "not-found": 100,
  conflict: 101,
  exhausted: 102,
  unsupported: 103,
  permission: 104,
  kernel: 105,
  runtime: 106,
  store: 107,
  plugin: 108,
};

const INTERNAL = 999;

export interface ErrorResult {
  readonly cniVersion: string;
  readonly code: number;
  readonly msg: string;
  readonly details?: string;
}

/** What a plug-in that fails prints. `details` hold what to do next. */
export function errorResult(error: unknown, cniVersion: string): ErrorResult {
  if (!TsdError.is(error)) return { cniVersion, code: INTERNAL, msg: messageOf(error) };
  const { cniCode } = error.details;
  const code = typeof cniCode === "number" ? cniCode : (numbers[error.code] ?? kinds[error.kind] ?? INTERNAL);
  return { cniVersion, code, msg: error.message, ...(error.hint === undefined ? {} : { details: error.hint }) };
}

/** A configuration that says something wrong. */
export function invalidConfig(message: string, hint: string): TsdError {
  return new TsdError({ kind: "invalid-input", code: "TSD_CNI_CONFIG", message, hint });
}

function messageOf(error: unknown): string {
  return error instanceof Object && "message" in error ? String(error.message) : String(error);
}
