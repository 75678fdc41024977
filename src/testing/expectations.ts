import { inspect, isDeepStrictEqual } from "node:util";
import { TsdError } from "../errors/tsd-error.js";

/** Throws in words where `found` is not `expected`. `what` is the subject of the sentence. */
export function expectSame(what: string, found: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(found, expected)) fail(`${what}: expected ${words(expected)}, found ${words(found)}`);
}

/** Throws where two lists of lines differ; the words are the difference alone. */
export function expectSameLines(what: string, found: readonly string[], expected: readonly string[]): void {
  const difference = contrast(expected, found);
  if (difference.length > 0) fail(`${what}: ${difference.slice(0, 12).join("; ")}`);
}

export function expectThat(holds: boolean, otherwise: string): void {
  if (!holds) fail(otherwise);
}

/** Throws unless `act` throws a {@link TsdError}, of `kind` where given and with `named` in its message. */
export async function expectRefusal(
  what: string,
  act: () => unknown,
  { kind, named }: { readonly kind?: TsdError["kind"]; readonly named?: string } = {},
): Promise<void> {
  const error = await failureOf(act);
  if (error === undefined)
    fail(`${what}: expected an error${kind === undefined ? "" : ` of kind ${kind}`}, found none`);
  if (!TsdError.is(error)) fail(`${what}: expected a TsdError, found ${words(error)}`);
  const { kind: found, message } = error as TsdError;
  if (kind !== undefined) expectSame(`${what}: the kind of the error "${message}"`, found, kind);
  if (named !== undefined && !message.includes(named)) fail(`${what}: the error "${message}" does not name ${named}`);
}

export async function failureOf(act: () => unknown): Promise<unknown> {
  try {
    await act();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Lines that one of two lists has more often than the other, with `missing` or `new` before them. */
export function contrast(expected: readonly string[], found: readonly string[]): readonly string[] {
  return [
    ...surplus(found, expected).map((line) => `new ${line}`),
    ...surplus(expected, found).map((line) => `missing ${line}`),
  ];
}

function surplus(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}

export function words(value: unknown): string {
  return inspect(value, { depth: 6, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 300, maxArrayLength: 20 });
}

function fail(message: string): never {
  throw new Error(message);
}
