import { unlinkSync } from "node:fs";
import { TsdError } from "../../errors/tsd-error.js";
import type { Place } from "../../kernel/files/place.js";
import { type ByteText, readable } from "../images/byte-text.js";

/** Removes what is to be replaced by something other than a directory. Throws `conflict` for a directory. */
export function makeWay(place: Place, name: ByteText): void {
  const found = place.status();
  if (found === undefined) return;
  if (found.isDirectory()) throw inTheWay(name, "no directory", "one");
  unlinkSync(place.path);
}

export function inTheWay(name: ByteText, wanted: string, found: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_COPY_IN_THE_WAY",
    message: `"${readable(name)}" is ${wanted} in what is copied, and ${found} where it is copied to`,
    hint: "Move away what is there, or copy to another directory.",
    details: { name: readable(name) },
  });
}
