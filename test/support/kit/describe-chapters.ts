import { afterAll, beforeAll, describe, test } from "@jest/globals";
import type { Chapter } from "../../../src/testing/chapter.js";

/** Runs chapters of the conformance kit as tests. */
export function describeChapters(subject: string, chapters: readonly Chapter[]): void {
  describe.each(chapters.map((chapter) => [`${subject}: ${chapter.title}`, chapter] as const))("%s", (_, chapter) => {
    const { cases, open, close } = chapter;
    if (open !== undefined) beforeAll(open, 30_000);
    if (close !== undefined) afterAll(close);
    for (const { name, run } of cases) test(name, run);
  });
}
