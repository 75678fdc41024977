import { TsdError } from "../../errors/tsd-error.js";

/** The number of a group, as `--group` has it; undefined where it is absent. */
export function groupNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_FLAG_INVALID",
    message: `--group "${text}" is no number of a group`,
    hint: "Write its number: getent group NAME",
    details: { value: text },
  });
}
