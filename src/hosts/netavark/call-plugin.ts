import { type Field, member, parseDocument, readText } from "../../contracts/json-field.js";
import { TsdError } from "../../errors/tsd-error.js";
import { callProgram } from "../foreign/call-program.js";
import { foreignFailure } from "../foreign/foreign-failure.js";
import { requireProgram } from "../foreign/require-program.js";
import { pluginDirectories, pluginFile, pluginNames } from "./plugin-files.js";

export interface PluginCall {
  readonly plugin: string;
  readonly verb: "create" | "setup" | "teardown";
  /** Path of the namespace, for the latter two. */
  readonly netns?: string;
  readonly input: object;
  /** Milliseconds; default that of {@link callProgram}. */
  readonly timeout?: number;
}

/** Throws `plugin` where a call could not even begin. */
export function requirePlugin({ plugin, verb }: Pick<PluginCall, "plugin" | "verb">): void {
  const subject = subjectOf(plugin, verb);
  requireProgram(subject, pluginFile(plugin) ?? missing(subject));
}

/** Calls a plug-in, and reads its reply by `read`. Throws `plugin` for all that goes wrong; see {@link callProgram}. */
export async function callPlugin<T>(call: PluginCall, read: (reply: Field) => T): Promise<T> {
  const { plugin, verb, netns, input, timeout } = call;
  const subject = subjectOf(plugin, verb);
  const { exitCode, stdout, stderr } = await callProgram({
    subject,
    file: pluginFile(plugin) ?? missing(subject),
    args: netns === undefined ? [verb] : [verb, netns],
    input: JSON.stringify(input),
    ...(timeout === undefined ? {} : { timeout }),
  });
  if (exitCode !== 0) {
    const own = errorIn(stdout);
    if (own !== undefined) throw foreignFailure(subject, own, stderr, refusalHint);
    throw foreignFailure(subject, failureOf(exitCode, stderr), stderr);
  }
  return read({ value: stdout, path: "its reply", refuse: (fault) => foreignFailure(subject, fault, stderr) });
}

function subjectOf(plugin: string, verb: string): string {
  return `netavark plug-in "${plugin}", verb ${verb}`;
}

/** The reply as JSON, for verbs that have one. */
export function replied({ value, path, refuse }: Field): Field {
  return parseDocument(String(value), path, refuse);
}

/** For an error that it replied with, as it does for what it does not accept. */
const refusalHint = "Correct what it complains about: the network's options, addresses or ports.";

/** The first line of its standard error. */
function failureOf(exitCode: number, stderr: string): string {
  const [line] = stderr.trim().split("\n", 1);
  return `it exited with code ${exitCode}${line ? `, and said: ${line}` : ", and did not say why"}`;
}

/** What the plug-in says itself. */
function errorIn(stdout: string): string | undefined {
  try {
    const reply = parseDocument(stdout, "its error", (message) => foreignFailure("", message));
    return readText(member(reply, "error"));
  } catch {
    return undefined;
  }
}

function missing(subject: string): never {
  const found = pluginNames();
  throw new TsdError({
    kind: "plugin",
    code: "TSD_FOREIGN_PLUGIN_MISSING",
    message: `${subject}: its program is in none of ${pluginDirectories.join(", ")}`,
    hint: `Install it there${found.length === 0 ? "" : `, or use one that is: ${found.join(", ")}`}.`,
  });
}
