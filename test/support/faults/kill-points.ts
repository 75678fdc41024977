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
 * Before a step, if no command so far has done a step of its kind after one of that other kind; of places that are like
 * others, one of `each`. From the end of a step to the beginning of the next nothing happens outside.
 */
export function samplePoints(each: number): KillPoints {
  const seen = new Set<string>();
  let repeated = 0;
  return (events) => {
    let last = "the start";
    return [...events.entries()].flatMap(([at, event]) => {
      if (event.phase === "after") return [];
      const place = `${last}, ${kindOf(event)}`;
      last = kindOf(event);
      if (seen.has(place)) return repeated++ % each === 0 ? [at] : [];
      seen.add(place);
      return [at];
    });
  };
}

/** Without names of one run, numbers and addresses. */
function kindOf({ into, what }: StepEvent): string {
  return `${into} ${what.replaceAll(/[0-9a-f]{8,}|\d+/g, "#")}`;
}
