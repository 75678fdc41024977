/** Styles of tsd's own texts (ECMA-48, SGR): how each begins and ends. No other sequences are in them. */
export const styles = {
  bold: ["\u001b[1m", "\u001b[22m"],
  dim: ["\u001b[2m", "\u001b[22m"],
  red: ["\u001b[31m", "\u001b[39m"],
  green: ["\u001b[32m", "\u001b[39m"],
  yellow: ["\u001b[33m", "\u001b[39m"],
  blue: ["\u001b[34m", "\u001b[39m"],
  magenta: ["\u001b[35m", "\u001b[39m"],
  cyan: ["\u001b[36m", "\u001b[39m"],
} as const;

export type Style = keyof typeof styles;

/** The text in a style; for what {@link wantsColour} says yes to. */
export function inColours(text: string, style: Style): string {
  return text === "" ? "" : styles[style].join(text);
}

/**
 * Whether to use colours, as the variables of the environment say that programs agree on: NO_COLOR (no-color.org),
 * CLICOLOR_FORCE and CLICOLOR (bixense.com/clicolors), FORCE_COLOR, and TERM, which is `dumb` for a terminal without any.
 */
export function wantsColour(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  const isOn = (value = ""): boolean => value !== "" && value !== "0" && value !== "false";
  if (env.NO_COLOR) return false;
  if (isOn(env.CLICOLOR_FORCE) || isOn(env.FORCE_COLOR)) return true;
  return isTerminal && env.TERM !== "dumb" && env.CLICOLOR !== "0" && env.FORCE_COLOR !== "0";
}
