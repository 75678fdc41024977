/** A step over the border that changes something, seen before or after it; see kill-at.mjs. */
export interface StepEvent {
  readonly phase: "before" | "after";
  readonly into: string;
  readonly what: string;
}

/** Chooses the events of a command, by number, at which it is killed. */
export type KillPoints = (events: readonly StepEvent[]) => readonly number[];

/** Both sides of every step. */
export const everyPoint: KillPoints = (events) => [...events.keys()];

/**
 * Before the last step, and before each that is new: no command so far did a step of that kind after one of that other kind.
 * Of the others, one of `each`. Never after a step, since from there to the beginning of the next nothing happens outside.
 */
export function samplePoints(each: number): KillPoints {
  const seen = new Set<string>();
  let repeated = 0;
  return (events) => {
    const steps = [...events.entries()].filter(([, { phase }]) => phase === "before");
    return steps.flatMap(([at, event], number) => {
      const before = steps[number - 1]?.[1];
      const place = `${before === undefined ? "the start" : kindOf(before)}, ${kindOf(event)}`;
      const isNew = !seen.has(place);
      seen.add(place);
      return isNew || number === steps.length - 1 || repeated++ % each === 0 ? [at] : [];
    });
  };
}

/** Without ids and other numbers. */
function kindOf({ into, what }: StepEvent): string {
  return `${into} ${what.replaceAll(/[0-9a-f]{8,}|\d+/g, "#")}`;
}
