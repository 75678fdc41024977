import type { Image } from "../api/index.js";
import { printable } from "../errors/printable.js";

/** docker's words; those for an image without a name give its id. */
export function loadedText({ id, names }: Image): string {
  if (names.length === 0) return `Loaded image ID: sha256:${id}\n`;
  return names.map((name) => `Loaded image: ${printable(name)}\n`).join("");
}
