import { TsdError } from "../../errors/tsd-error.js";
import { shown } from "./shown.js";

export const commands = ["ADD", "DEL", "CHECK", "GC", "STATUS", "VERSION"] as const;
export type Command = (typeof commands)[number];

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment says of one call; empty where it is not set. */
export interface Call {
  readonly command: Command;
  readonly containerId: string;
  /** Path of the namespace; may be empty for `DEL`, if the namespace is gone. */
  readonly netns: string;
  readonly ifname: string;
  readonly args: string;
  /** Directories of plug-ins. */
  readonly path: readonly string[];
  /** The namespace may be the plug-in's own. */
  readonly mayBeOwnNetns: boolean;
}

const attachment = ["CNI_CONTAINERID", "CNI_IFNAME"];
const required: Readonly<Record<Command, readonly string[]>> = {
  ADD: [...attachment, "CNI_NETNS"],
  CHECK: [...attachment, "CNI_NETNS"],
  DEL: attachment,
  GC: ["CNI_PATH"],
  STATUS: [],
  VERSION: [],
};

/** Throws with the specification's number 4, naming the variables. */
export function readCall(env: Environment): Call {
  const command = commands.find((one) => one === env.CNI_COMMAND);
  if (command === undefined)
    throw invalidEnvironment(`CNI_COMMAND=${shown(env.CNI_COMMAND)} is none of ${commands.join(", ")}`);
  const missing = required[command].filter((name) => !env[name]);
  if (missing.length > 0) throw invalidEnvironment(`required env variables [${missing.join(",")}] missing`);
  const { CNI_CONTAINERID: containerId = "", CNI_IFNAME: ifname = "", CNI_NETNS_OVERRIDE: override = "" } = env;
  if (required[command].includes("CNI_CONTAINERID")) {
    if (!isName(containerId)) throw invalidEnvironment(`CNI_CONTAINERID=${shown(containerId)} has invalid characters`);
    if (!isInterfaceName(ifname))
      throw invalidEnvironment(`CNI_IFNAME=${shown(ifname)} is not a name for an interface`);
  }
  return {
    command,
    containerId,
    netns: env.CNI_NETNS ?? "",
    ifname,
    args: env.CNI_ARGS ?? "",
    path: (env.CNI_PATH ?? "").split(":").filter((directory) => directory !== ""),
    mayBeOwnNetns: /^(1|true)$/i.test(override),
  };
}

/** The specification's rule for ids of containers and names of networks. */
export function isName(text: string): boolean {
  return /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(text);
}

/** The kernel's rule (dev_valid_name), in bytes. */
function isInterfaceName(text: string): boolean {
  return text !== "." && text !== ".." && Buffer.byteLength(text) <= 15 && !/[/:\s]/u.test(text);
}

function invalidEnvironment(message: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_CNI_ENVIRONMENT",
    message,
    hint: "A container runtime sets these variables; see the CNI specification.",
  });
}
