import { TsdError } from "../../errors/tsd-error.js";

/** As docker's: two characters at least, so that a drive's letter is none. */
const pattern = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{1,254}$/;

export function isVolumeName(text: string): boolean {
  return pattern.test(text);
}

/** Throws `invalid-input` for what is no name of a volume. */
export function checkVolumeName(name: string): void {
  if (isVolumeName(name)) return;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_NAME_INVALID",
    message: `"${name.length > 60 ? `${name.slice(0, 57)}…` : name}" is not a name for a volume`,
    hint: 'Use 2 to 255 letters, digits, "_", "." and "-", a letter or digit first.',
    details: { name },
  });
}
