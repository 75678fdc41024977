import type { ClusterClaim, ClusterNote, Owner, Store } from "../../contracts/index.js";
import { newId } from "./identifiers.js";

/** All begin so in the table of settings. */
const PREFIX = "cluster-note/";

function keyOf(claim: ClusterClaim): string {
  switch (claim.of) {
    case "host":
      return `${PREFIX}host/${claim.membership.epoch}`;
    case "network":
      return `${PREFIX}network/${claim.id}`;
    case "address":
      return `${PREFIX}address/${claim.id}/${claim.address}`;
  }
}

/** In the caller's transaction. Commands that claim the same at once have one turn: none of them undoes what another has. */
export function noteClaim({ settings }: Pick<Store, "settings">, claim: ClusterClaim, owner: Owner): ClusterNote {
  const found = settings.get<ClusterNote>(keyOf(claim));
  const shared = found === undefined || found.state === "returning" ? undefined : found;
  const note: ClusterNote = { ...claim, owner, state: shared?.state ?? "claiming", turn: shared?.turn ?? newId() };
  settings.set(keyOf(claim), note);
  return note;
}

/** In the caller's transaction: the cluster has it. Changes nothing where another command has begun to give it back since. */
export function noteClaimed(store: Pick<Store, "settings">, note: ClusterNote): void {
  if (isTurn(store, note)) store.settings.set(keyOf(note), { ...note, state: "claimed" });
}

/** In the caller's transaction: the note is another process's from here on. */
export function keepNote({ settings }: Pick<Store, "settings">, note: ClusterNote, owner: Owner): void {
  settings.set(keyOf(note), { ...note, owner });
}

/** In the caller's transaction. `failure`: why that could not be done. */
export function noteReturn(
  { settings }: Pick<Store, "settings">,
  { failure: _, ...claim }: ClusterClaim & Pick<ClusterNote, "failure">,
  by: Pick<ClusterNote, "owner" | "failure">,
): ClusterNote {
  const note: ClusterNote = { ...claim, ...by, state: "returning", turn: newId() };
  settings.set(keyOf(claim), note);
  return note;
}

/** Whether no command has begun to give it back, or to claim it after that, since this note was written. */
export function isTurn({ settings }: Pick<Store, "settings">, note: ClusterNote): boolean {
  return settings.get<ClusterNote>(keyOf(note))?.turn === note.turn;
}

/** In the caller's transaction. */
export function deleteNote({ settings }: Pick<Store, "settings">, claim: ClusterClaim): void {
  settings.delete(keyOf(claim));
}

/** Those of one network: it is coming or going. */
export function networkNotes(store: Pick<Store, "settings">, id: string): readonly ClusterNote[] {
  return listNotes(store).filter((note) => note.of === "network" && note.id === id);
}

/** In the caller's transaction. */
export function deleteNetworkNote(store: Pick<Store, "settings">, id: string): void {
  for (const note of networkNotes(store, id)) deleteNote(store, note);
}

export function listNotes({ settings }: Pick<Store, "settings">): readonly ClusterNote[] {
  return settings.list<ClusterNote>(PREFIX);
}

export function isClaimed({ settings }: Pick<Store, "settings">, claim: ClusterClaim): boolean {
  return settings.get<ClusterNote>(keyOf(claim))?.state === "claimed";
}
