import { API_VERSION, type Descriptions } from "../../api/index.js";
import { otherVersion } from "../check-extension.js";
import { entryOf } from "./entry-of.js";
import { pluginError } from "./plugin-error.js";

/** What a plug-in says of itself, in its package.json. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  /** Path of its module below the directory of package.json. */
  readonly entry: string;
  /** npm has something to install beside it. */
  readonly hasDependencies: boolean;
  /** The field `tsd`; absent for a package without one. */
  readonly declared?: Declared;
}

/** What a package says that it brings. */
interface Declared {
  readonly drivers: Descriptions;
  readonly natBackends: Descriptions;
  readonly ipam: Descriptions;
}

const packageName = /^(@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/i;
const LONGEST_NAME = 214;
const LONGEST_VERSION = 64;
const LONGEST_DESCRIPTION = 200;

function isPackageName(name: unknown): name is string {
  return typeof name === "string" && name.length <= LONGEST_NAME && packageName.test(name);
}

type Json = Readonly<Record<string, unknown>>;

/** Reads the text of a package.json. `from` names the package until its name is known. Throws `plugin`. */
export function readManifest(text: string, from: string): Manifest {
  const json = parse(text, from);
  const { name, version, dependencies, optionalDependencies } = json;
  if (!isPackageName(name)) {
    throw invalid(from, "has a package.json without a valid name", "Name it as npm packages are named: my-driver.");
  }
  if (version !== undefined && (typeof version !== "string" || version.length > LONGEST_VERSION)) {
    throw invalid(
      name,
      "has a package.json whose version is not a short text",
      'Write for example "version": "1.0.0".',
    );
  }
  const entry = entryOf(json);
  if (entry === undefined) {
    const hint = 'Name the module in its package.json: "exports": "./index.js".';
    throw invalid(name, "has a package.json that names no module of its own", hint);
  }
  const hasDependencies = [dependencies, optionalDependencies].some(
    (one) => isRecord(one) && Object.keys(one).length > 0,
  );
  const declared = json.tsd === undefined ? {} : { declared: readDeclared(json.tsd, name) };
  return { name, version: version ?? "", entry, hasDependencies, ...declared };
}

function parse(text: string, from: string): Json {
  let value: unknown;
  try {
    // npm accepts a byte order mark.
    value = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (cause) {
    throw pluginError(from, {
      code: "TSD_PLUGIN_MANIFEST",
      message: `plug-in "${from}" has a package.json that is not valid JSON`,
      cause,
    });
  }
  if (isRecord(value)) return value;
  throw invalid(from, "has a package.json that is not an object");
}

function readDeclared(value: unknown, name: string): Declared {
  if (!isRecord(value)) throw invalid(name, 'has a package.json whose field "tsd" is not an object');
  if (value.apiVersion !== API_VERSION) throw otherVersion(`plug-in "${name}"`, value.apiVersion);
  const read = (key: string): Descriptions => readDescriptions(value[key] ?? {}, key, name);
  return { drivers: read("drivers"), natBackends: read("nat"), ipam: read("ipam") };
}

function readDescriptions(value: unknown, key: string, name: string): Descriptions {
  const isShortLine = (text: unknown): boolean => typeof text === "string" && text.length <= LONGEST_DESCRIPTION;
  if (isRecord(value) && Object.values(value).every(isShortLine)) return value as Descriptions;
  throw invalid(
    name,
    `has a package.json whose field "tsd.${key}" is not an object of names and short descriptions`,
    `Write for example "${key}": { "my-name": "What it is, in one line" }.`,
  );
}

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== undefined && Boolean(value) && !Array.isArray(value);
}

function invalid(name: string, why: string, hint?: string): Error {
  return pluginError(name, {
    code: "TSD_PLUGIN_MANIFEST",
    message: `plug-in "${name}" ${why}`,
    ...(hint === undefined ? {} : { hint }),
  });
}
