import { TsdError } from "../errors/tsd-error.js";
import { type CaseResult, type Chapter, nothingLeft, preparation } from "./chapter.js";

/** Receives the case that begins, so that one that never ends can be named. */
export type OnBegin = (begun: Pick<CaseResult, "subject" | "chapter" | "name">) => void;

/** Runs chapters one after the other, and yields each result as it is known. Throws nothing that a case throws. */
export async function* runChapters(
  subject: string,
  chapters: Iterable<Chapter>,
  onBegin: OnBegin = () => undefined,
): AsyncGenerator<CaseResult> {
  for (const { title: chapter, cases, open, close } of chapters) {
    const run = (name: string, act: () => Promise<void> | void): Promise<CaseResult> => {
      onBegin({ subject, chapter, name });
      return outcomeOf({ subject, chapter, name }, act);
    };
    const opening = open === undefined ? undefined : await run(preparation, open);
    const ready = opening === undefined || opening.outcome === "passed";
    // A chapter that draws up its cases as it opens may have none.
    if (opening !== undefined && (opening.outcome === "failed" || cases.length === 0)) yield opening;
    for (const { name, run: act } of cases) {
      if (ready) yield await run(name, act);
      else if (opening.outcome === "failed") yield { ...opening, name, why: "its preparation failed", took: 0 };
      else yield { ...opening, name };
    }
    if (close !== undefined && opening?.outcome !== "not run") yield await run(nothingLeft, close);
  }
}

async function outcomeOf(
  names: Pick<CaseResult, "subject" | "chapter" | "name">,
  act: () => Promise<void> | void,
): Promise<CaseResult> {
  const begun = performance.now();
  const took = (): number => Math.round(performance.now() - begun);
  try {
    await act();
    return { ...names, outcome: "passed", took: took() };
  } catch (error) {
    const outcome = (error as { readonly name?: unknown } | undefined)?.name === "CannotRun" ? "not run" : "failed";
    return { ...names, outcome, why: reasonOf(error), took: took() };
  }
}

function reasonOf(error: unknown): string {
  if (TsdError.is(error)) return `${error.message} (${error.code})`;
  const { message } = (error ?? {}) as { readonly message?: unknown };
  return typeof message === "string" && message !== "" ? message : String(error);
}
