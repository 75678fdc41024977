/** What is done for a container from time to time. */
type TimerKind = "health" | "rotation";

export interface Timer {
  readonly kind: TimerKind;
  /** Id. */
  readonly container: string;
}

/** A timer as its process is asked about it. */
export function subjectOf({ kind, container }: Timer): string {
  return `${kind} ${container}`;
}

export function timerOf(subject: string): Timer {
  const [kind, container = ""] = subject.split(" ");
  return { kind: kind === "health" ? "health" : "rotation", container };
}
