import { printable } from "../../errors/printable.js";
import { describeSystemError } from "../../errors/system-error.js";
import { type ErrorKind, TsdError } from "../../errors/tsd-error.js";
import { statusOf } from "./refusal.js";

/** What docker's clients are told of a failure: a status, and one sentence as `message`. */
export interface Failure {
  readonly status: number;
  readonly message: string;
}

const statuses: Readonly<Record<ErrorKind, number>> = {
  "invalid-input": 400,
  "not-found": 404,
  conflict: 409,
  exhausted: 503,
  unsupported: 501,
  permission: 403,
  kernel: 500,
  runtime: 500,
  store: 500,
  plugin: 500,
};

/** What is neither the client's fault nor this machine's. */
const others: Readonly<Record<string, number>> = { TSD_REGISTRY_UNREACHABLE: 502, TSD_REGISTRY_FAILED: 502 };

/** Clients distinguish what is missing by docker's words: an image, to pull it. */
const missing: Readonly<Record<string, (ref: string) => string>> = {
  TSD_IMAGE_NOT_FOUND: (ref) => `No such image: ${ref}`,
  TSD_CONTAINER_NOT_FOUND: (ref) => `No such container: ${ref}`,
  TSD_NETWORK_NOT_FOUND: (ref) => `network ${ref} not found`,
  TSD_VOLUME_NOT_FOUND: (ref) => `get ${ref}: no such volume`,
};

/** docker's command line makes exit codes 127 and 126 of these words, which runtimes in Go have for them. */
const commandFaults: Readonly<Record<string, string>> = {
  TSD_RUNTIME_COMMAND_NOT_FOUND: "executable file not found in $PATH",
  TSD_RUNTIME_COMMAND_NOT_EXECUTABLE: "permission denied",
};

export function failureOf(thrown: unknown): Failure {
  const error = describeSystemError(thrown);
  if (!TsdError.is(error)) {
    const message = String((error as { readonly message?: unknown } | null)?.message ?? error);
    return { status: 500, message: printable(`internal error of tsd: ${message}`) };
  }
  const { ref } = error.details;
  const fault = commandFaults[error.code];
  const words = typeof ref === "string" ? missing[error.code]?.(ref) : undefined;
  const status = statusOf(error) ?? others[error.code] ?? (fault === undefined ? statuses[error.kind] : 400);
  const message = words ?? (fault === undefined ? error.message : `${error.message}: ${fault}`);
  return { status, message: printable(message) };
}
