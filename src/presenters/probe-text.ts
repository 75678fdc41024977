import type { Probe, ProbeFact } from "../api/index.js";
import { printable } from "../errors/printable.js";
import { foldLines } from "./columns.js";
import { explanationText } from "./explanation.js";
import { type Look, mark } from "./look.js";

/** The prediction, then the fact, then whether they agree, and what to do where they do not. */
export function probeText({ prediction, at, fact, agrees }: Probe, look: Look): string {
  const { paint, width } = look;
  const lines =
    fact === undefined
      ? [`${paint("fact:", "bold")} nothing was sent`]
      : [
          `${paint("fact:", "bold")} ${factWords(fact, at ?? "", look)}`,
          `${paint("compared:", "bold")} ${agreementWords(agrees, look)}`,
        ];
  return `${explanationText(prediction, look)}${foldLines(lines.join("\n"), width, 3)}\n`;
}

function factWords({ outcome, detail = "" }: ProbeFact, at: string, look: Look): string {
  const { paint } = look;
  const said = detail === "" ? "" : ` (${printable(detail)})`;
  switch (outcome) {
    case "open":
      return `${mark(look, true)}${paint("open", "green")}: ${at} took the connection`;
    case "reply":
      return `${mark(look, true)}${paint("reply", "green")}: an answer came from ${at}`;
    case "refused":
      return `${mark(look, false)}${paint("refused", "red")}: nothing takes it at ${at}${said}`;
    case "unreachable":
      return `${mark(look, false)}${paint("unreachable", "red")}: it could not get to ${at}${said}`;
    case "silence":
      return `${mark(look, undefined)}${paint("no reply", "yellow")} from ${at} within 3 seconds`;
  }
}

function agreementWords(agrees: boolean | undefined, look: Look): string {
  if (agrees === undefined) return "the prediction can be neither confirmed nor denied by this";
  if (agrees) return `${mark(look, true)}the fact is as predicted`;
  return `${mark(look, false)}${look.paint("the fact differs from the prediction", "red")}: see what tsd check and tsd doctor find, and the packets themselves by tsd capture NAME`;
}
