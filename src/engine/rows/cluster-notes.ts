import type { ClusterClaim, ClusterNote, Store } from "../../contracts/index.js";

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

/** In the caller's transaction. */
export function putNote({ settings }: Pick<Store, "settings">, note: ClusterNote): void {
  settings.set(keyOf(note), note);
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
  return settings.get<ClusterNote>(keyOf(claim))?.isClaimed === true;
}
