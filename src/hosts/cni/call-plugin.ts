import { TsdError } from "../../api/index.js";
import { callProgram, type ForeignResult } from "../foreign/call-program.js";
import { pluginFailure, subjectOf } from "./cni-failure.js";
import type { JsonObject } from "./resources.js";
import { requirePlugin, usableDirectories } from "./search-path.js";

export type Verb = "ADD" | "DEL" | "CHECK" | "GC" | "STATUS" | "VERSION";

/** One call of a plug-in (SPEC.md, "Execution Protocol"). */
export interface PluginCall {
  readonly type: string;
  readonly verb: Verb;
  readonly path: readonly string[];
  readonly input: JsonObject;
  /** Absent for verbs of a network as a whole. */
  readonly attachment?: AttachmentKey;
  /** It calls no other plug-in: one that leases addresses has no need to, and one that makes interfaces would call itself. */
  readonly isLast?: boolean;
  /** Milliseconds. */
  readonly timeout: number;
}

export interface AttachmentKey {
  readonly containerId: string;
  /** Empty where the namespace is gone. */
  readonly netns: string;
  readonly ifname: string;
  /** It is the namespace that the plug-in runs in itself. */
  readonly isOwnNetns?: boolean;
}

/** The specification requires a path; Debian's policy says that nothing is there. */
const NOWHERE = "/nonexistent";

const unchanging: readonly Verb[] = ["CHECK", "STATUS", "VERSION"];

/** Returns standard output. Throws `plugin` with what the plug-in said; `details.refused` is true if it ran to its end. */
export async function callPlugin(call: PluginCall): Promise<string> {
  const { type, verb, input, timeout } = call;
  const path = usableDirectories(call.path);
  const result = await callProgram({
    subject: subjectOf(type, verb),
    file: requirePlugin(type, path),
    args: [],
    env: environmentOf({ ...call, path }),
    input: JSON.stringify(input),
    timeout,
    reads: unchanging.includes(verb),
  });
  if (result.exitCode === 0) return result.stdout;
  const { message, details } = pluginFailure(type, verb, complaintOf(result), result.stderr);
  throw new TsdError({
    kind: "plugin",
    code: "TSD_CNI_REFUSED",
    message,
    hint: "Correct what it complains of: options of the network, its list of plug-ins, or the host.",
    details: { ...details, refused: true },
  });
}

/** All that a plug-in gets of the environment beside PATH. Those of Go require every variable, if only with nothing in it. */
export function environmentOf({ verb, path, attachment, isLast }: PluginCall): Readonly<Record<string, string>> {
  return {
    CNI_COMMAND: verb,
    CNI_CONTAINERID: attachment?.containerId ?? "",
    CNI_NETNS: attachment?.netns ?? "",
    CNI_IFNAME: attachment?.ifname ?? "",
    CNI_ARGS: "",
    CNI_PATH: isLast ? NOWHERE : path.join(":"),
    ...(attachment?.isOwnNetns ? { CNI_NETNS_OVERRIDE: "1" } : {}),
  };
}

/** Errors are JSON on standard output (SPEC.md, "Error"); what dies before that says something on standard error, or nothing. */
function complaintOf({ exitCode, stdout, stderr }: ForeignResult): string {
  const { code, msg, details } = decode(stdout);
  if (typeof msg === "string" && msg !== "") {
    const more = typeof details === "string" && details !== "" ? ` (${details})` : "";
    return `it failed${typeof code === "number" ? ` with code ${code}` : ""}: ${msg}${more}`;
  }
  const said = stderr.trim() || stdout.trim();
  return `it exited with ${exitCode} and ${said === "" ? "said nothing" : `said: ${said}`}`;
}

function decode(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as JsonObject) : {};
  } catch {
    return {};
  }
}
