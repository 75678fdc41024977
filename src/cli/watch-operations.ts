import { subscribe } from "node:diagnostics_channel";
import { BOUNDARY_OPERATIONS, type BoundaryOperation } from "../api/index.js";
import { printableText } from "../errors/printable.js";
import { writeError } from "./write-text.js";

/** From now on, writes a line for each step over the border to the kernel, the store and other programs. */
export function watchOperations(): void {
  subscribe(BOUNDARY_OPERATIONS, (message) => {
    const operation = message as BoundaryOperation;
    if (operation.phase === "after") writeError(operationLine(operation, performance.now()));
  });
}

/** `now` in milliseconds since the process started. */
export function operationLine({ into, what, reads, took = 0, error }: BoundaryOperation, now: number): string {
  const outcome =
    error === undefined ? "" : `: ${error instanceof Object && "message" in error ? error.message : error}`;
  const mark = reads ? "?" : "!";
  return printableText(
    `tsd: debug: ${now.toFixed(1)} ms ${mark} ${into} (${took.toFixed(1)} ms) ${what.trimEnd()}${outcome}\n`,
  );
}
