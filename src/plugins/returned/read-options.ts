import type { Facts, RawOptions } from "../../api/index.js";
import { address, type Fields, interfaceName, optional, quoted } from "./field.js";
import { malformed } from "./malformed.js";
import { plainObject } from "./plain-json.js";

const MAX_CHARACTERS = 65_536;

/** Options that tsd itself reads, see {@link CommonOptions}. */
const common: Fields = {
  iface_prefix: optional({ ...interfaceName, expected: "the beginning of an interface name" }),
  host_binding: optional(address),
  ifname: optional(interfaceName),
};

/** What `parseOptions` and `parseEndpointOptions` returned. */
export function readOptions(answer: unknown): RawOptions {
  const options = plainObject(answer, "options", MAX_CHARACTERS);
  for (const [key, value] of Object.entries(options)) {
    if (typeof value !== "string") throw malformed(`options in which ${quoted(key)} is no string`);
    const field = Object.hasOwn(common, key) ? common[key] : undefined;
    if (field !== undefined && !field.takes(value)) {
      throw malformed(`options in which ${key} is ${quoted(value)}, which is not ${field.expected}`);
    }
  }
  return options as RawOptions;
}

/** What `observe` returned. */
export function readFacts(answer: unknown): Facts {
  return plainObject(answer, "facts", MAX_CHARACTERS);
}
