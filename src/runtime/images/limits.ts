import { TsdError } from "../../errors/tsd-error.js";

/** How much an archive may ask for. What is below these bounds costs time and memory in proportion to its bytes. */
export const limits = {
  /** Layers of an image: docker's bound, too, and few enough for one overlay mount. */
  layers: 127,
  /** Entries of one list or object in a JSON document: images, names, variables, labels, ports … */
  entries: 4096,
  /** Bytes of one JSON document. */
  document: 4 << 20,
  /** Bytes of all JSON documents of an archive. */
  documents: 64 << 20,
  /** Members of an archive of images. */
  members: 1 << 16,
  /** What a layer hides, and the device nodes that it lists: each is remembered while the layer is read. */
  remembered: 1 << 16,
  /** Bytes of a path and of a name in it, as Linux has them: `PATH_MAX` without the NUL, and `NAME_MAX`. */
  path: 4095,
  name: 255,
} as const;

/** The error for an archive that asks for more. `archive` names it. */
export function tooMany(archive: string, what: string, count: number, most: number): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_IMAGE_TOO_MUCH",
    message: `${archive} has ${count} ${what}, and ${most} is the most`,
    hint: "Make the image with fewer of them; from a source you do not trust, leave it alone.",
    details: { archive, count, most },
  });
}
