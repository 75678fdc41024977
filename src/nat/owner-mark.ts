import type { NatIntent, Orphan, Passage } from "../api/index.js";
import { fnv1a } from "../contracts/fnv1a.js";

/**
 * A row's id, and behind it which installation the row is in. Rules of earlier versions name the row alone. Between the two is
 * what iptables-save(8) prints without quotes.
 */
const OWNER = /^([0-9a-f]{64})(?:-([0-9a-f]{16}))?$/;

/**
 * Distinguishes the rules of one installation from those of others in the same namespace: FNV-1a of its root's canonical
 * path, since a comment in nftables has room for 127 bytes, and an id takes half of them.
 */
export function ownerMark(root: string): string {
  return fnv1a(root).toString(16).padStart(16, "0");
}

/** The same intents, whose owners are written as comments are: `<id>-<mark>`, or the id alone where the mark is empty. */
export function markOwners<I extends NatIntent | Passage>(intents: readonly I[], mark: string): readonly I[] {
  return mark === "" ? intents : intents.map((intent) => ({ ...intent, owner: `${intent.owner}-${mark}` }));
}

/** Whether two comments name one row. Ids are random, so that no two installations have the same. */
export function isSameOwner(a: string, b: string): boolean {
  return a === b || (idOf(a) !== undefined && idOf(a) === idOf(b));
}

/**
 * Whose a comment says that something is:
 * - `own`, `others`: the installation with that mark, or another;
 * - `unmarked`: a row, but not in which installation;
 * - `ownerless`: no row of any installation, hence not made by tsd.
 */
export type Standing = "own" | "others" | "unmarked" | "ownerless";

export function standingOf(owner: string, mark: string): Standing {
  const [, id, found] = OWNER.exec(owner) ?? [];
  if (id === undefined) return "ownerless";
  if (found === undefined) return "unmarked";
  return found === mark ? "own" : "others";
}

/** What an orphan states about its owner if it is not certainly this installation's. */
export function doubtOf(owner: string, mark: string): Pick<Orphan, "standing"> {
  const standing = standingOf(owner, mark);
  return standing === "unmarked" || standing === "ownerless" ? { standing } : {};
}

/**
 * Whether a purge leaves it alone: it is another installation's, or may be. `owners` are ids of rows that may have rules
 * without a mark.
 */
export function isKept(owner: string, mark: string, owners: ReadonlySet<string>): boolean {
  const standing = standingOf(owner, mark);
  return standing === "others" || (standing === "unmarked" && !owners.has(owner));
}

function idOf(owner: string): string | undefined {
  return OWNER.exec(owner)?.[1];
}
