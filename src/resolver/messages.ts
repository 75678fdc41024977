import type { Owner } from "../contracts/index.js";

/** What a command of tsd's asks of the resolver: one line of JSON on a connection of its own. */
export interface Request {
  /** `list` changes nothing, and is about all namespaces where it names none. */
  readonly verb: "open" | "close" | "list";
  /** By their paths. */
  readonly namespaces: readonly string[];
}

/** One line of JSON, once the sockets are bound or closed. */
export interface Reply {
  /** Version, host and state of what replied; see identity.ts. */
  readonly identity: string;
  readonly process: Owner;
  /** Of the namespaces that were named, or of all. */
  readonly listening: readonly Listening[];
  readonly failures: readonly Failure[];
  /** It listens nowhere any more, and is about to exit. */
  readonly isEnding: boolean;
}

export interface Listening {
  readonly netns: string;
  /** The path leads to the namespace in which it listens, and the rules that lead port 53 to it are there. */
  readonly isIntact: boolean;
}

export interface Failure {
  readonly netns: string;
  readonly message: string;
  readonly hint?: string;
}

/** The line of a program that was started as the resolver. */
export type Report =
  | { readonly state: "ready" }
  /** Another process is it already. */
  | { readonly state: "taken" }
  | { readonly state: "failed"; readonly message: string };

export function encode(message: Request | Reply | Report): string {
  return `${JSON.stringify(message)}\n`;
}

/** Undefined for what is no line of this kind. Only root can write to either side. */
export function decode<T extends Request | Reply | Report>(line: string): T | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as T) : undefined;
  } catch {
    return undefined;
  }
}
