import { StepFailure } from "./template-errors.js";
import { plain } from "./values.js";

/** `eq A B…`: whether the first is one of the others. */
export function equalsAny([first, ...others]: readonly unknown[]): boolean {
  if (others.length === 0) throw new StepFailure("missing argument for comparison");
  const value = comparable(first);
  return others.some((other) => equals(value, comparable(other)));
}

/** Negative, zero or positive, as `A` comes before `B`; throws for what has no order. */
export function compare(a: unknown, b: unknown): number {
  const [first, second] = [plain(a), plain(b)];
  if (typeof first === "number" && typeof second === "number") return first - second;
  if (typeof first === "string" && typeof second === "string") return Number(first > second) - Number(first < second);
  throw new StepFailure(
    typeof first === typeof second ? "invalid type for comparison" : "incompatible types for comparison",
  );
}

function equals(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (typeof a !== typeof b) throw new StepFailure("incompatible types for comparison");
  return a === b;
}

function comparable(value: unknown): unknown {
  const known = plain(value) ?? undefined;
  if (typeof known === "object") throw new StepFailure("non-comparable type, a list or a map");
  return known;
}
