import type { NetworkSpec, RawOptions } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Config } from "./config.js";
import { invalidConfig } from "./errors.js";
import type { Fields } from "./fields.js";
import { shown } from "./shown.js";

/** What a configuration says of the network itself. */
export type StatedNetwork = Omit<NetworkSpec, "name" | "labels">;

/** Keys that the specification, its libraries or other parts of this plug-in read. */
const others = [
  ..."cniVersion cniVersions name type network capabilities runtimeConfig args ipam dns prevResult".split(" "),
  ..."disableCheck disableGC loadOnlyInlinedPlugins".split(" "),
];
const own = "driver subnet subnets gateway gateways range ranges ipv4 ipv6 internal options".split(" ");

/** Throws with the specification's number 2 for a key that means nothing here, with its value, and 7 for a wrong value. */
export function statedNetwork({ fields }: Config): StatedNetwork {
  refuseUnknown(fields);
  const [driver, ipv4, ipv6] = [fields.string("driver"), fields.boolean("ipv4"), fields.boolean("ipv6")];
  const internal = fields.boolean("internal");
  const options = fields.object("options");
  return {
    ...(driver === undefined ? {} : { driver }),
    ...listed(fields, "subnet", "subnets"),
    ...listed(fields, "gateway", "gateways"),
    ...listed(fields, "range", "ranges"),
    ...(ipv4 === undefined ? {} : { ipv4 }),
    ...(ipv6 === undefined ? {} : { ipv6 }),
    ...(internal === undefined ? {} : { internal }),
    ...(options === undefined ? {} : { options: rawOptions(options) }),
  };
}

/** One or several, by a key for each. */
function listed(fields: Fields, one: string, several: "subnets" | "gateways" | "ranges"): StatedNetwork {
  const value = fields.string(one);
  const all = [...(value === undefined ? [] : [value]), ...(fields.strings(several) ?? [])];
  return all.length === 0 ? {} : { [several]: all };
}

function rawOptions({ values }: Fields): RawOptions {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      if (["string", "number", "boolean"].includes(typeof value)) return [key, String(value)];
      throw invalidConfig(`options.${key}: ${shown(value)} is not a string`, "Correct the network configuration.");
    }),
  );
}

/** Keys of others have a domain in front: `cni.dev/attachments`. */
function refuseUnknown({ values }: Fields): void {
  const unknown = Object.keys(values).find((key) => ![...others, ...own].includes(key) && !key.includes("/"));
  if (unknown === undefined) return;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_CNI_FIELD",
    message: `the field ${shown(unknown)} with the value ${shown(values[unknown])} is not supported`,
    hint: `Remove it, or use one of ${own.join(", ")}, network, ipam.`,
  });
}
