import type { NotedEvent, Store } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";

/**
 * Logs what no row says, such as a signal. What belongs to a change of a row is noted in its transaction
 * ({@link ChangeLog.note}). A disk that is full keeps no command from its work, and no event takes the room that is kept for that.
 */
export function noteEvents(
  store: Pick<Store, "changes" | "requireRoom" | "unsyncedTransaction">,
  ...events: readonly NotedEvent[]
): void {
  try {
    store.requireRoom();
    store.unsyncedTransaction(() => {
      for (const event of events) store.changes.note(event);
    });
  } catch (error) {
    if (!TsdError.is(error, "store")) throw error;
  }
}
