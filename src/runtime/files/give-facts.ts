import { chmodSync, chownSync, closeSync, utimesSync } from "node:fs";
import { openFileCalls } from "../../kernel/files/file-attributes.js";
import { openName, type Place } from "../../kernel/files/place.js";
import type { EntryFacts } from "./entry-facts.js";

export interface GivingOptions {
  readonly keepOwner: boolean;
  readonly isLink?: boolean;
}

/**
 * Gives what an open descriptor names its owner, mode, attributes and times. By the descriptor: a name could be another's by now. A
 * file that changes its owner lends its new one to no user, as with chown(2).
 */
export async function giveFacts(
  descriptor: number,
  facts: EntryFacts,
  { keepOwner, isLink = false }: GivingOptions,
): Promise<void> {
  const path = `/proc/self/fd/${descriptor}`;
  const { uid, gid, mode, modified, attributes } = facts;
  chownSync(path, keepOwner ? uid : 0, keepOwner ? gid : 0);
  if (isLink) return;
  chmodSync(path, keepOwner ? mode : mode & 0o1777);
  const given = [...attributes].filter(([name]) => keepOwner || name !== "security.capability");
  if (given.length > 0) {
    const calls = await openFileCalls();
    for (const [name, value] of given) calls.setAttribute(Buffer.from(path), name, value);
  }
  utimesSync(path, modified, modified);
}

/** The same for what is at a place. */
export async function giveFactsAt(place: Place, facts: EntryFacts, options: GivingOptions): Promise<void> {
  const descriptor = openName(place);
  if (descriptor === undefined) return;
  try {
    await giveFacts(descriptor, facts, options);
  } finally {
    closeSync(descriptor);
  }
}
