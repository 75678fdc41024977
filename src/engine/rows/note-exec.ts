import type { Container, ExecSpec } from "../../api/index.js";
import type { Store } from "../../contracts/index.js";
import { newId } from "./identifiers.js";
import { noteEvents } from "./note-event.js";

/** Characters of a command in an event. */
const MAX_COMMAND = 512;

/** Logs a further command in a container: that it began, and how it ended. */
export function noteExec(
  store: Pick<Store, "changes" | "requireRoom" | "unsyncedTransaction">,
  { id, name }: Container,
  { id: execID = newId(), command }: ExecSpec,
): { ended(exitCode: number): void } {
  const attributes = { execID };
  const words = command.join(" ").slice(0, MAX_COMMAND);
  const event = { kind: "container", id, name, attributes } as const;
  noteEvents(store, { ...event, action: `exec_create: ${words}` }, { ...event, action: `exec_start: ${words}` });
  return {
    ended: (exitCode) => {
      noteEvents(store, { ...event, action: "exec_die", attributes: { ...attributes, exitCode: `${exitCode}` } });
    },
  };
}
