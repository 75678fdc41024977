import type { Owner } from "../contracts/index.js";

/** What a command of tsd's asks of a service: one line of JSON on a connection of its own. */
export interface Request {
  /** `list` and `ask` change nothing. The one is about all subjects where it names none, the other about one. */
  readonly verb: "open" | "close" | "list" | "ask";
  /** What it serves, by words that the service knows: paths of namespaces, or ids of containers. */
  readonly subjects: readonly string[];
  /** Of `ask`: what that service understands. */
  readonly question?: unknown;
}

/** One line of JSON, once the subjects are served or left. */
export interface Reply {
  /** Version, host and state of what replied, and of questions in place of its version theirs; see identity.ts. */
  readonly identity: string;
  readonly process: Owner;
  /** Of the subjects that were named, or of all. */
  readonly served: readonly Served[];
  readonly failures: readonly Failure[];
  /** What came of a question, unless that failed. */
  readonly found?: unknown;
  /** It serves nothing any more, and is about to exit. */
  readonly isEnding: boolean;
}

export interface Served {
  readonly subject: string;
  /** All that it needs for that is still there. */
  readonly isIntact: boolean;
}

export interface Failure {
  readonly subject: string;
  readonly message: string;
  readonly hint?: string;
}

/** The line of a program that was started as a service. */
export type Report =
  /** With what it serves already, where that is little: its command need not ask. The identity is as in a {@link Reply}. */
  | { readonly state: "ready"; readonly identity: string; readonly served?: readonly string[] }
  /** Another process is it already. */
  | { readonly state: "taken" }
  | { readonly state: "failed"; readonly message: string };

/** Of questions, and of what they get; to be counted up where either changes. */
const QUESTIONS = "questions-1";

/**
 * An identity for questions alone, whose sides may be of two versions for as long as both understand each other: a resolver that serves
 * containers outlives the agent that an update replaces.
 */
export function askedIdentity(identity: string): string {
  return identity.replace(/^\S+/, QUESTIONS);
}

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
