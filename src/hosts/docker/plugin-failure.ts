import { printable } from "../../errors/printable.js";
import { TsdError } from "../../errors/tsd-error.js";

const LONGEST = 300;

/** A plug-in and one verb of the protocol. */
export interface Called {
  readonly plugin: string;
  /** `NetworkDriver.Join` */
  readonly verb: string;
}

/** It could not be reached: it has got nothing. */
export function unreachable(
  { plugin, verb }: Called,
  why: string,
  hint = "Start the plug-in, and try again.",
): TsdError {
  return new TsdError({
    kind: "plugin",
    code: "TSD_DOCKER_UNREACHABLE",
    message: `docker plug-in "${plugin}" cannot be reached for ${verb}: ${shortly(why)}`,
    hint,
    details: { plugin, verb },
  });
}

/** Others than root may be at its address: it has got nothing. */
export function untrusted({ plugin, verb }: Called, why: string): TsdError {
  return new TsdError({
    kind: "plugin",
    code: "TSD_DOCKER_UNTRUSTED",
    message: `docker plug-in "${plugin}" is not called for ${verb}: ${shortly(why)}`,
    hint: "Give the path and all directories above it to root, for root alone to change.",
    details: { plugin, verb },
  });
}

/** It replied that it will not, with a message or another status than 200. */
export function refused({ plugin, verb }: Called, said: string): TsdError {
  return new TsdError({
    kind: "plugin",
    code: "TSD_DOCKER_REFUSED",
    message: `docker plug-in "${plugin}" refused ${verb}: ${quoted(said)}`,
    hint: "The log of the plug-in may say more.",
    details: { plugin, verb },
  });
}

export function isRefusal(error: unknown): boolean {
  return TsdError.is(error, "plugin") && error.code === "TSD_DOCKER_REFUSED";
}

/** It did something else than the protocol says; `what` is the rest of a sentence about it. */
export function failed(
  { plugin, verb }: Called,
  what: string,
  hint = "Report this to the author of the plug-in.",
): TsdError {
  return new TsdError({
    kind: "plugin",
    code: "TSD_DOCKER_FAILED",
    message: `docker plug-in "${plugin}" failed ${verb}: ${shortly(what)}`,
    hint,
    details: { plugin, verb },
  });
}

/** What a plug-in said, in a line of bounded length. */
export function quoted(said: unknown): string {
  const text = typeof said === "string" ? said.trim() : String(JSON.stringify(said));
  return `"${shortly(text)}"`;
}

function shortly(text: string): string {
  return printable(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}
