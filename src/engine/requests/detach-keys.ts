import { TsdError } from "../../errors/tsd-error.js";

/** docker's. */
const defaultKeys = "ctrl-p,ctrl-q";

/** The control characters by docker's names, in the order of ASCII from 0 on. */
const controls = "@abcdefghijklmnopqrstuvwxyz[\\]^_";

/**
 * The bytes of the keys that leave a container, from docker's notation: characters and `ctrl-X` with commas between, or `DEL`.
 * Absent or empty means the default. Throws `invalid-input`.
 */
export function parseDetachKeys(text = ""): Uint8Array {
  return Uint8Array.from((text === "" ? defaultKeys : text).split(","), (key) => byteOf(key) ?? refuse(text, key));
}

function byteOf(key: string): number | undefined {
  if (/^[\x20-\x7e]$/.test(key)) return key.charCodeAt(0);
  if (key === "DEL") return 127;
  const control = /^ctrl-(.)$/i.exec(key)?.[1]?.toLowerCase();
  const code = control === undefined ? -1 : controls.indexOf(control);
  return code < 0 ? undefined : code;
}

function refuse(text: string, key: string): never {
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_DETACH_KEYS_INVALID",
    message: `"${text}" are no detach keys: "${key}" is no key`,
    hint: 'Write characters or ctrl- with a letter or one of @ [ \\ ] ^ _, with commas between: "ctrl-p,ctrl-q" or "ctrl-\\\\".',
    details: { keys: text, key },
  });
}
