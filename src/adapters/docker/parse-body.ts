import { type Field, parseDocument } from "../../contracts/json-field.js";
import { TsdError } from "../../errors/tsd-error.js";

/** The body of a request. None counts as an object without members, as `null` does. Its readers throw `invalid-input`. */
export function parseBody(text: string): Field {
  const body = parseDocument(text.trim() === "" ? "{}" : text, "request", (message, path) => {
    return new TsdError({ kind: "invalid-input", code: "TSD_DOCKER_REQUEST", message, details: { path } });
  });
  return body.value === null ? { ...body, value: {} } : body;
}
