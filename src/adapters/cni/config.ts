import type { Labels } from "../../api/index.js";
import type { CniVersion } from "../../contracts/cni-version.js";
import { TsdError } from "../../errors/tsd-error.js";
import { type Command, isName } from "./call.js";
import { invalidConfig } from "./errors.js";
import { Fields, isObject } from "./fields.js";
import { shown } from "./shown.js";
import { requireVersion } from "./versions.js";

/** What standard input says: the part that every command needs. */
export interface Config {
  readonly version: CniVersion;
  /** Of CNI's network. */
  readonly name: string;
  /** Of tsd's: `network`, or the same. */
  readonly network: string;
  /** The plug-in that manages addresses; absent: tsd does. */
  readonly ipam?: string;
  readonly fields: Fields;
  /** As it came, for plug-ins that work is delegated to. */
  readonly text: string;
}

/** Throws with the specification's numbers 6 and 7, and 1 for the version. */
export function readConfig(text: string, command: Command): Config {
  const fields = new Fields(parse(text));
  const version = requireVersion(fields.string("cniVersion"), command);
  const name = fields.string("name") ?? "";
  if (!isName(name)) throw invalidConfig(`the network's name ${shown(name)} is missing or invalid`, nameHint);
  const ipam = fields.object("ipam")?.string("type");
  return {
    version,
    name,
    network: fields.string("network") ?? name,
    ...(ipam ? { ipam } : {}),
    fields,
    text,
  };
}

const nameHint = 'Set "name" to letters, digits, "_", "." and "-", a letter or digit first.';

/** Labels that an attachment's endpoint has, by which people recognize it. */
export function attachmentLabels(
  config: Config,
  call: { readonly containerId: string; readonly ifname: string },
): Labels {
  return { "cni.network": config.name, "cni.container": call.containerId, "cni.interface": call.ifname };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw undecodable(`is not JSON: ${(cause as Error).message}`, cause);
  }
  if (!isObject(value)) throw undecodable(`holds ${shown(value)}, and not an object`);
  return value;
}

function undecodable(what: string, cause?: unknown): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_CNI_JSON",
    message: `standard input ${what}`,
    hint: "A container runtime writes the network configuration there.",
    cause,
  });
}
