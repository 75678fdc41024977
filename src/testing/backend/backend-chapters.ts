import type { Chapter } from "../chapter.js";
import type { BackendSubject } from "./backend-subject.js";
import { backendGroups } from "./grouped-links.js";
import { backendLife } from "./life.js";
import { backendMatrix } from "./matrix.js";
import { backendOrphans } from "./orphans.js";
import { backendPlans } from "./plans.js";
import { backendSpan } from "./span.js";

/** What every packet filter must do, on a host of its own. */
export function backendChapters(subject: BackendSubject): readonly Chapter[] {
  const always = [backendLife, backendOrphans, backendPlans, backendMatrix, backendGroups];
  return [...always, ...(subject.spans ? [backendSpan] : [])].map((chapter) => chapter(subject));
}
