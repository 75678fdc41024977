import { member, optional, parseDocument, readList, readText } from "../../contracts/json-field.js";
import { pluginFailure } from "./cni-failure.js";

/** What VERSION printed (SPEC.md, "VERSION Success"). Throws `plugin`. */
export function parseVersions(type: string, text: string): readonly string[] {
  const document = parseDocument(text, "what it printed", (fault) => pluginFailure(type, "VERSION", fault));
  return optional(member(document, "supportedVersions"), (field) => readList(field, readText)) ?? [];
}
