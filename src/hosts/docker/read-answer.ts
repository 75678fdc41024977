import type { Reply } from "./exchange.js";
import { type Fields, fieldOf, isFields } from "./fields.js";
import { type Called, failed } from "./plugin-failure.js";

/** What a plug-in said: the fields of a success, or that it will not. */
export type Answer =
  | { readonly isDone: true; readonly value: Fields }
  | { readonly isDone: false; readonly status: number; readonly said: string };

/** Statuses other than 200 are refusals, and so is an error in the field that the subsystem has for it. */
export function readAnswer(called: Called, { status, body }: Reply): Answer {
  const value = parse(body);
  const errorField = called.verb.startsWith("IpamDriver.") ? "Error" : "Err";
  if (status !== 200) {
    const said = isFields(value) ? fieldOf(value, "Err") : undefined;
    const words = typeof said === "string" && said !== "" ? said : body;
    return { isDone: false, status, said: `${words.trim() === "" ? "" : `${words.trim()} `}(HTTP status ${status})` };
  }
  if (!isFields(value))
    throw failed(called, `it replied ${body === "" ? "nothing" : "with something else than a JSON object"}`);
  const said = fieldOf(value, errorField) ?? "";
  if (said === "") return { isDone: true, value };
  return { isDone: false, status, said: typeof said === "string" ? said : JSON.stringify(said) };
}

/** JSON's null is an empty object; undefined for what is no JSON. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    return undefined;
  }
}
