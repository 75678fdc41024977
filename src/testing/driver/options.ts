import type { Chapter } from "../chapter.js";
import { optionCases } from "../option-cases.js";
import { type DriverSubject, optionsOf, withParent } from "./driver-subject.js";

/** What becomes of what users type. */
export function options(subject: DriverSubject): Chapter {
  const { driver, verification } = subject;
  return {
    title: "Options",
    cases: [
      ...optionCases({
        flag: "-o",
        parse: (raw) => driver.parseOptions(raw),
        samples: [optionsOf(subject, "first"), optionsOf(subject, "second")],
      }),
      ...optionCases({
        flag: "--driver-opt",
        parse: (raw) => driver.parseEndpointOptions(raw),
        samples: (verification.endpointOptions ?? []).map(withParent),
      }),
    ],
  };
}
