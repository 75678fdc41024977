import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "@jest/globals";

/** `TSD_UPDATE_GOLDEN=1` writes what is made now; read the difference before you commit it. */
const update = process.env.TSD_UPDATE_GOLDEN === "1";

/** Compares `text` with what the file holds. */
export function expectGolden(file: URL, text: string): void {
  if (update) writeFileSync(file, text);
  expect(existsSync(file)).toBe(true);
  expect(text).toBe(readFileSync(file, "utf8"));
}
