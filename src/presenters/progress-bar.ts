import { printable } from "../errors/printable.js";
import { byteSize } from "./byte-size.js";

/** Bytes read so far, and of all, where that is known. */
export interface ProgressState {
  readonly done: number;
  readonly total: number | undefined;
}

/** One line of at most `width` columns: `busybox.tar  [=====>    ]  2.1MB/4.3MB`; no bar where the end is not known. */
export function progressBar(name: string, { done, total }: ProgressState, width: number): string {
  const label = printable(name);
  const numbers = total === undefined ? byteSize(done) : `${byteSize(done)}/${byteSize(total)}`;
  const room = Math.min(50, width - label.length - numbers.length - "  [>]  ".length);
  if (total === undefined || room < 5) return `${label}  ${numbers}`.slice(0, width);
  const filled = total === 0 ? room : Math.min(room, Math.floor((done / total) * room));
  return `${label}  [${"=".repeat(filled)}>${" ".repeat(room - filled)}]  ${numbers}`;
}
