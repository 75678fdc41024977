import { fnv1a } from "../../../contracts/fnv1a.js";
import type { VirtualLink } from "../link-kinds/link-kind.js";

/** What a link of an extension is called for the moment before it gets its name and mark; the same whenever it is made. */
export function passingName({ netns = "", name }: Pick<VirtualLink, "netns" | "name">, mark = ""): string {
  const digits = fnv1a(`${mark}\n${netns}\n${name}`).toString(16).padStart(16, "0");
  return `tsd${digits.slice(0, 12)}`;
}
