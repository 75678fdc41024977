import { TsdError } from "../errors/tsd-error.js";
import type { MigrationOptions } from "../store/migrate.js";
import type { SqliteStore } from "../store/sqlite-store.js";
import type { Settings } from "./tokens.js";

type Open = (path: string, options: MigrationOptions) => SqliteStore;

/**
 * Opens the state database. Where it is empty or not there it begins one, but not where things of tsd's are in use, unless
 * they are to be forgotten: what it listed would be orphans.
 */
export async function openState({ root, run, version, forget }: Settings, open: Open): Promise<SqliteStore> {
  const path = `${root}/state.db`;
  const options = { tsdVersion: version };
  try {
    return open(path, { ...options, mayBegin: forget });
  } catch (error) {
    if (!TsdError.is(error) || error.code !== "TSD_STORE_ABSENT") throw error;
  }
  const { findRemains } = await import("./find-remains.js");
  const remains = await findRemains(root, run);
  if (remains.length > 0) throw lostState(path, remains);
  return open(path, options);
}

/** How many are worth a place in a sentence. */
const SHOWN = 5;

function lostState(path: string, remains: readonly string[]): TsdError {
  const more = remains.length > SHOWN ? ` and ${remains.length - SHOWN} more` : "";
  return new TsdError({
    kind: "store",
    code: "TSD_STORE_LOST",
    message: `the state database ${path} is empty or missing, while what it listed is still there: ${remains.slice(0, SHOWN).join(", ")}${more}`,
    hint: `Put back a copy of ${path}, or end and free all of that, running containers too: tsd gc --forget`,
    details: { path, remains },
  });
}
