import { TsdError } from "../../api/index.js";
import { cniVersions } from "../../contracts/cni-version.js";
import {
  type Field,
  isAbsent,
  member,
  optional,
  type Refuse,
  readFlag,
  readList,
  readText,
  readWord,
} from "../../contracts/json-field.js";
import { parseFile } from "../foreign/bounded-file.js";
import { roleOf } from "./plugin-roles.js";
import type { CniList, CniPlugin } from "./resources.js";
import { isPluginName } from "./search-path.js";
import { isSpoken } from "./versions.js";

/**
 * A network configuration list, or a file of old with one plug-in (SPEC.md, section 1). All that a plug-in says for itself stays
 * as it is. Throws `invalid-input` naming file and field.
 */
export function readConflist(text: string, file: string): CniList {
  const refuse: Refuse = (fault, path) =>
    new TsdError({
      kind: "invalid-input",
      code: "TSD_CNI_CONFLIST",
      // A field is named by itself: plugins[0].type.
      message: `${file} is no network configuration list of CNI: ${fault.replace(/^it\./, "")}`,
      hint: "Correct the file; the CNI specification describes it.",
      details: { file, path },
    });
  const document: Field = { value: parsed(text, refuse), path: "it", refuse };
  const plugins = isAbsent(member(document, "plugins"))
    ? [readPlugin(document)]
    : readList(member(document, "plugins"), readPlugin);
  if (plugins.length === 0) throw refuse("it.plugins is empty", "it.plugins");
  const flag = (name: string): boolean => optional(member(document, name), readFlagOrWord) ?? false;
  return {
    name: readWord(member(document, "name"), "a name of letters, digits, _, . and -", isName),
    versions: readVersions(document, refuse),
    ...(flag("disableCheck") ? { disableCheck: true } : {}),
    ...(flag("disableGC") ? { disableGc: true } : {}),
    plugins,
  };
}

function parsed(text: string, refuse: Refuse): unknown {
  try {
    return parseFile(text);
  } catch (error) {
    throw refuse((error as Error).message, "it");
  }
}

function readVersions(document: Field, refuse: Refuse): readonly string[] {
  const several = optional(member(document, "cniVersions"), (field) => readList(field, readText)) ?? [];
  const one = optional(member(document, "cniVersion"), readText) ?? "0.1.0";
  const versions = [...new Set([one, ...several])];
  if (versions.some(isSpoken)) return versions;
  throw refuse(`it is for version ${versions.join(", ")}, and tsd speaks ${cniVersions.join(", ")}`, "it.cniVersion");
}

function readPlugin(field: Field): CniPlugin {
  const type = readWord(member(field, "type"), "the name of a plug-in", isPluginName);
  optional(member(field, "capabilities"), (capabilities) => member(capabilities, ""));
  optional(member(field, "ipam"), (ipam) => optional(member(ipam, "type"), (named) => readIpamType(named, type)));
  return { ...(field.value as object), type };
}

/** What makes interfaces would ask itself for an address, over and over. */
function readIpamType(field: Field, plugin: string): string {
  const isFit = (type: string): boolean => type !== plugin && ["ipam", "other"].includes(roleOf(type));
  return field.value === "" ? "" : readWord(field, "the name of a plug-in that leases addresses", isFit);
}

/** CNI's own library accepts the words, too. */
function readFlagOrWord(field: Field): boolean {
  return field.value === "true" || (field.value !== "false" && readFlag(field));
}

function isName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/.test(text);
}
