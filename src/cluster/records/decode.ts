import type { ClusterRecord } from "../../contracts/index.js";
import { type Field, parseDocument } from "../../contracts/json-field.js";
import { printable } from "../../errors/printable.js";
import { TsdError } from "../../errors/tsd-error.js";

/** A record that tsd understands, with the revisions that changes require. */
export interface Entry<T> {
  readonly value: T;
  readonly created: number;
  readonly modified: number;
}

/** Longer values are no record of tsd's. */
const LONGEST = 65_536;

/** Reads a record's value. Throws `invalid-input` with the key for what another program wrote there. */
export function decode<T>(place: string, record: Pick<ClusterRecord, "key" | "value">, read: (field: Field) => T): T {
  const refuse = (fault: string) => foreignRecord(place, record.key, fault);
  if (record.value.length > LONGEST) throw refuse(`it has ${record.value.length} characters`);
  return read(parseDocument(record.value, "its value", refuse));
}

export function entryOf<T>(place: string, record: ClusterRecord, read: (field: Field) => T): Entry<T> {
  return { value: decode(place, record, read), created: record.created, modified: record.modified };
}

/** Runs `work`, and keeps the error where a record is not tsd's: one such record does not hide the others. */
export function orUnreadable(unreadable: TsdError[], work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!TsdError.is(error) || error.code !== "TSD_CLUSTER_RECORD_FOREIGN") throw error;
    unreadable.push(error);
  }
}

export function foreignRecord(place: string, key: string, fault: string): TsdError {
  const shown = printable(key.length > 200 ? `${key.slice(0, 200)}…` : key);
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_CLUSTER_RECORD_FOREIGN",
    message: `${place} has a record ${shown} that tsd did not write: ${fault}`,
    hint: `Find out what wrote it, and remove it: etcdctl del '${shown}'`,
    details: { place, key },
  });
}
