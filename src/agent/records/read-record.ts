import { type Field, parseDocument } from "../../contracts/json-field.js";
import { TsdError } from "../../errors/tsd-error.js";

/** What another host wrote, or in half a sentence why it is of no use. */
export type Judged<T> = { readonly value: T } | { readonly fault: string };

/** Characters; what tsd writes is far shorter. */
export const LONGEST = 16_384;

/** The record that a text of any host is. */
export function readRecord<T>(text: string, read: (field: Field) => T): Judged<T> {
  if (text.length === 0 || text.length > LONGEST)
    return { fault: `it is empty, or has more than ${LONGEST} characters` };
  try {
    return { value: read(parseDocument(text, "it", unreadable)) };
  } catch (error) {
    if (TsdError.is(error) && error.code === "TSD_CLUSTER_RECORD_UNREADABLE") return { fault: error.message };
    throw error;
  }
}

/** Never seen by a user: its message goes on in a fault. */
function unreadable(fault: string): TsdError {
  return new TsdError({ kind: "invalid-input", code: "TSD_CLUSTER_RECORD_UNREADABLE", message: fault });
}
