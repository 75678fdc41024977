import { readFileSync } from "node:fs";
import { TsdError } from "../errors/tsd-error.js";

/** The largest, which means none to chown(2), is left out. */
const LARGEST = 2 ** 32 - 2;

/** The number of a group that is given by its name in /etc/group (group(5)), or by its number. Throws `not-found`. */
export function groupNumber(given: string): number {
  const named = lines("/etc/group").find(([name]) => name === given)?.[2];
  const number = /^\d{1,10}$/.test(named ?? given) ? Number(named ?? given) : Number.NaN;
  if (number <= LARGEST) return number;
  throw new TsdError({
    kind: "not-found",
    code: "TSD_GROUP_NOT_FOUND",
    message: `there is no group "${given}" in /etc/group`,
    hint: `Make it (groupadd ${given}), or write the number of a group.`,
    details: { group: given },
  });
}

function lines(path: string): readonly (readonly string[])[] {
  try {
    return readFileSync(path, "utf8")
      .split("\n")
      .map((line) => line.split(":"));
  } catch {
    return [];
  }
}
