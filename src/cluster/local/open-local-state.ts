import { Connection } from "../../store/connection.js";
import { openDatabase } from "../../store/open-database.js";
import { LocalState, type LocalStateOptions } from "./local-state.js";
import { bringUpToDate } from "./schema.js";

/** Milliseconds to wait for another writer. */
const PATIENCE = 10_000;

/** Opens the state of a cluster of this host alone, and makes it where there is none. Throws as the store does. */
export function openLocalState(path: string, options?: LocalStateOptions): LocalState {
  const database = openDatabase(path, PATIENCE, bringUpToDate);
  return new LocalState(new Connection(path, database, PATIENCE), options);
}
