import { type Field, parseDocument } from "../../contracts/json-field.js";
import { TsdError } from "../../errors/tsd-error.js";

/** What podman writes to standard input. Its readers throw `invalid-input` with the place of what is wrong. */
export function parseInput(text: string): Field {
  return parseDocument(text, "input", (message, path) => {
    return new TsdError({ kind: "invalid-input", code: "TSD_NETAVARK_INPUT", message, details: { path } });
  });
}
