import { TsdError } from "../errors/tsd-error.js";
import type { Connection } from "./connection.js";

/** How a kind of row is spoken of. */
export interface Noun {
  /** `network`. */
  readonly word: string;
  /** The command that lists what exists: `tsd network ls`. */
  readonly listedBy: string;
  /** Of errors about a reference to it. */
  readonly codes: { readonly absent: string; readonly ambiguous: string };
}

/** How many matches of an ambiguous prefix an error names. */
const NAMED = 5;

/**
 * The id in `table` that starts with `prefix`. Throws `not-found` if none does, and `conflict` naming the matches if
 * several do.
 */
export function resolvePrefix(connection: Connection, table: string, noun: Noun, prefix: string): string {
  // "g" follows the hexadecimal digits, so that this is one range of the index.
  const ids = /^[0-9a-f]+$/.test(prefix)
    ? connection
        .all<{ id: string }>(
          `SELECT id FROM ${table} WHERE id >= ? AND id < ? ORDER BY id LIMIT ${NAMED + 1}`,
          prefix,
          `${prefix}g`,
        )
        .map(({ id }) => id)
    : [];
  const [only] = ids;
  if (only === undefined) throw otherKind(connection, noun, prefix) ?? notFound(noun, prefix);
  if (ids.length === 1) return only;
  const named = ids.slice(0, NAMED).map((id) => shorten(id, prefix.length));
  throw new TsdError({
    kind: "conflict",
    code: noun.codes.ambiguous,
    message: `"${prefix}" begins the ids of several ${noun.word}s: ${named.join(", ")}${ids.length > NAMED ? ", …" : ""}`,
    hint: "Give more digits of the id.",
    details: { ref: prefix, ids },
  });
}

/** Where names of other kinds are, and the commands on each kind. */
const kinds: readonly { readonly word: string; readonly named: string; readonly commands: string }[] = [
  { word: "container", named: "SELECT id FROM containers WHERE name = ?1", commands: "tsd --help" },
  { word: "network", named: "SELECT id FROM networks WHERE name = ?1", commands: "tsd network --help" },
  { word: "volume", named: "SELECT id FROM volumes WHERE name = ?1", commands: "tsd volume --help" },
  {
    word: "image",
    named: "SELECT image_id FROM image_names WHERE name = ?1 OR name = ?1 || ':latest'",
    commands: "tsd image --help",
  },
];

/** The error for a reference that names something of another kind; undefined where it does not. */
function otherKind(connection: Connection, { word, listedBy, codes }: Noun, ref: string): TsdError | undefined {
  const other = kinds.find((kind) => kind.word !== word && connection.get(kind.named, ref) !== undefined);
  if (other === undefined) return undefined;
  const withArticle = (noun: string): string => (/^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`);
  const [found, wanted] = [withArticle(other.word), withArticle(word)];
  return new TsdError({
    kind: "not-found",
    code: codes.absent,
    message: `"${ref}" is ${found}, not ${wanted}`,
    hint: `${other.commands} shows what can be done with ${found}; ${listedBy} shows the ${word}s.`,
    details: { ref, is: other.word },
  });
}

/** The error for a reference that names nothing. */
export function notFound({ word, listedBy, codes }: Noun, ref: string): TsdError {
  return new TsdError({
    kind: "not-found",
    code: codes.absent,
    message: `${word} "${ref}" does not exist`,
    hint: `${listedBy} shows what does.`,
    details: { ref },
  });
}

/** Twelve digits, as in every listing, or as many as make a difference visible. */
function shorten(id: string, common: number): string {
  return id.slice(0, Math.max(12, common + 4));
}
