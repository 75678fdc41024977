import type { Chapter } from "../chapter.js";
import type { Lab } from "../lab/lab.js";
import { addressing } from "./addresses.js";
import { description } from "./description.js";
import type { DriverSubject } from "./driver-subject.js";
import { kills } from "./kills.js";
import { life } from "./life.js";
import { lists } from "./lists.js";
import { options } from "./options.js";
import { publishing } from "./publishing.js";
import { purity } from "./purity.js";
import { repair } from "./repair.js";
import { Stage } from "./stage.js";
import { traffic } from "./traffic.js";

/** What needs no kernel, for a driver with one kind of its networks. */
export function pureDriverChapters(subject: DriverSubject): readonly Chapter[] {
  return [description, options, purity, lists].map((chapter) => chapter(subject));
}

/** What needs a {@link Lab}. The short form kills tsd on networks of the first variant alone: each kill takes a second. */
export function kernelDriverChapters(
  subject: DriverSubject,
  openLab: () => Promise<Lab>,
  isFirst: boolean,
): readonly Chapter[] {
  const stage = new Stage(subject, openLab);
  const chapters = [life, addressing, traffic, publishing, repair].map((chapter) => chapter(stage));
  const { long = false } = subject.verification;
  return isFirst || long ? [...chapters, kills(stage, long)] : chapters;
}
