import type { HostSettings } from "../api/index.js";
import { printableJson } from "../errors/printable.js";

/** Host-wide settings for people, a line each; a sentence where nothing is set. */
export function settingsText(settings: HostSettings): string {
  const lines = Object.entries(settings).map(
    ([key, value]) => `${key}: ${typeof value === "object" ? printableJson(value) : String(value)}\n`,
  );
  return lines.length === 0 ? "Nothing is set: defaults apply.\n" : lines.join("");
}
