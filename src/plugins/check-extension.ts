import { types } from "node:util";
import { API_VERSION, type Extension } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { boundedText } from "./returned/bounded-text.js";

/** As npm's packages are called, with a scope perhaps. */
const packageName = /^(@[a-z0-9][a-z0-9._-]{0,62}\/)?[a-z0-9][a-z0-9._-]{0,62}$/;
/** What users write after an option, and what is in lists of resources. */
const word = /^[a-z][a-z0-9-]{0,62}$/;

interface Contract {
  /** The property that names it. */
  readonly name: "type" | "name" | "kinds";
  readonly noun: string;
  readonly verbs: readonly string[];
  readonly optional?: readonly string[];
}

const provider = ["ensure", "remove", "inspect", "describe"];

/** What an extension can bring, and what each of it must have. */
const contracts: Readonly<Record<string, Contract>> = {
  drivers: {
    name: "type",
    noun: "driver",
    verbs: ["parseOptions", "parseEndpointOptions", "network", "endpoint"],
    optional: ["observe", "reachedDirectly", "sharedMac"],
  },
  natBackends: {
    name: "name",
    noun: "NAT backend",
    verbs: [...provider, "probe", "purge", "describePurge"],
    optional: ["ruleFor"],
  },
  ipam: {
    name: "name",
    noun: "IPAM driver",
    verbs: ["parseOptions", "proposePool", "releasePool", "proposeAddress", "releaseAddress"],
  },
  providers: { name: "kinds", noun: "provider", verbs: provider },
  linkKinds: { name: "type", noun: "link type", verbs: ["data", "words"], optional: ["parent"] },
};

/**
 * The value as an extension that is written for this version of the API, its shape checked. Throws `plugin` saying what is wrong
 * with it. Reads what is foreign: call it as {@link PluginCalls} does.
 */
export function checkExtension(value: unknown): Extension {
  const extension = objectOf(value, "it");
  const { name, apiVersion } = extension;
  if (typeof name !== "string" || !packageName.test(name)) {
    throw wrong(`an extension has the name ${said(name)}, which is no name of a package`);
  }
  const who = `plug-in "${name}"`;
  if (apiVersion !== API_VERSION) throw otherVersion(who, apiVersion);
  const known = ["name", "apiVersion", ...Object.keys(contracts)];
  const unknown = Object.keys(extension).find((key) => !known.includes(key));
  if (unknown !== undefined) throw wrong(`${who} brings ${said(unknown)}, which tsd does not know`);
  for (const [key, contract] of Object.entries(contracts)) {
    const list = extension[key];
    if (list === undefined) continue;
    if (!Array.isArray(list)) throw wrong(`the ${key} of ${who} are no list`);
    for (const part of list) checkPart(part, contract, who);
  }
  return extension as unknown as Extension;
}

function checkPart(value: unknown, { name, noun, verbs, optional = [] }: Contract, who: string): void {
  const part = objectOf(value, `a ${noun} of ${who}`);
  const names = name === "kinds" ? part[name] : [part[name]];
  if (!Array.isArray(names) || names.length === 0) throw wrong(`a ${noun} of ${who} has no ${name}`);
  const bad = names.find((one) => typeof one !== "string" || !word.test(one));
  if (bad !== undefined || names.includes(undefined)) {
    throw wrong(
      `a ${noun} of ${who} has the ${name} ${said(bad)}, and not a word of lower-case letters, digits and "-"`,
    );
  }
  const called = `${noun} "${names.join(", ")}" of ${who}`;
  const missing = verbs.find((verb) => typeof part[verb] !== "function");
  if (missing !== undefined) throw wrong(`${called} has no function ${missing}`);
  const odd = optional.find((verb) => part[verb] !== undefined && typeof part[verb] !== "function");
  if (odd !== undefined) throw wrong(`${called} has ${odd}, which is no function`);
  if (noun === "driver") checkCapabilities(part.capabilities, called);
  if (noun === "link type" && part.feature !== undefined) checkFeature(part.feature, called);
}

function checkCapabilities(value: unknown, who: string): void {
  const { needsIpam, publishes, namespace, singleton } = objectOf(value, `the capabilities of ${who}`);
  if (typeof needsIpam !== "boolean" || typeof publishes !== "boolean") {
    throw wrong(`the capabilities of ${who} do not say needsIpam and publishes, each true or false`);
  }
  if (namespace !== "own")
    throw wrong(`the capabilities of ${who} have the namespace ${said(namespace)}, and not "own"`);
  if (singleton !== false) throw wrong(`the capabilities of ${who} have singleton ${said(singleton)}, and not false`);
}

/** Words of an error. */
function checkFeature(value: unknown, who: string): void {
  const { module, config } = objectOf(value, `the feature of ${who}`);
  if ([module, config].every((one) => typeof one === "string" && /^\w[\w-]{0,62}$/.test(one))) return;
  throw wrong(`the feature of ${who} does not say module and config, each a word`);
}

function objectOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || types.isProxy(value))
    throw wrong(`${what} is ${said(value)}, and no object`);
  return value as Readonly<Record<string, unknown>>;
}

/** A foreign value in an error. */
function said(value: unknown): string {
  if (typeof value === "string") return `"${boundedText(value)}"`;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : `of type ${typeof value}`;
}

function wrong(message: string): TsdError {
  return new TsdError({
    kind: "plugin",
    code: "TSD_PLUGIN_SHAPE",
    message,
    hint: "Report this to the author of the plug-in; docs/plugins.md says what an extension is.",
  });
}

/** `who` begins the sentence. */
export function otherVersion(who: string, version: unknown): TsdError {
  const isNewer = typeof version === "number" && version > API_VERSION;
  return new TsdError({
    kind: "plugin",
    code: "TSD_PLUGIN_API_VERSION",
    message:
      typeof version === "number"
        ? `${who} was written for API version ${version}, and this tsd has ${API_VERSION}`
        : `${who} does not say for which API version it was written, and this tsd has ${API_VERSION}`,
    hint: isNewer
      ? "Install a newer tsd, or an older version of the plug-in."
      : "Install a newer version of the plug-in.",
  });
}
