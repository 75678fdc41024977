import { splitPair } from "./flag-values.js";
import type { Surroundings } from "./surroundings.js";

/** `KEY=value` entries of `--env`; a key alone takes the caller's value, and is left out where the caller has none. */
export function readEnv(texts: readonly string[] | undefined, caller: Pick<Surroundings, "env">): readonly string[] {
  return (texts ?? []).flatMap((text) => {
    const [key] = splitPair(text, { flag: "env", example: "TZ=UTC" });
    if (text.includes("=")) return [text];
    const value = caller.env[key];
    return value === undefined ? [] : [`${key}=${value}`];
  });
}
