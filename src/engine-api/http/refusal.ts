import { TsdError } from "../../errors/tsd-error.js";

/** What the protocol itself refuses, with its status of HTTP. */
export function refusal(status: number, message: string): TsdError {
  return new TsdError({ kind: "invalid-input", code: "TSD_ENGINE_HTTP", message, details: { status } });
}

/** The status of a {@link refusal}; undefined for any other error. */
export function statusOf(error: TsdError): number | undefined {
  return error.code === "TSD_ENGINE_HTTP" ? Number(error.details.status) : undefined;
}
