/** What man(7) would print as another character. */
const escapes: Readonly<Record<string, string>> = {
  "\\": "\\e",
  "-": "\\-",
  "'": "\\(aq",
  "`": "\\(ga",
  "^": "\\(ha",
  "~": "\\(ti",
};

/** Text that is printed as it is: none of its lines begins as a request does. */
export function text(words: string): string {
  const escaped = words.trim().replaceAll(/[\\\-'`^~]/g, (character) => escapes[character] ?? character);
  return escaped.replaceAll(/^(?=\.)/gm, "\\&");
}

export const bold = (words: string): string => `\\fB${text(words)}\\fR`;
export const italic = (words: string): string => `\\fI${text(words)}\\fR`;

/** A section with its blocks, or nothing where there are none. */
export function section(title: string, blocks: readonly string[]): string {
  return blocks.length === 0 ? "" : `.SH ${title}\n${blocks.join("\n")}\n`;
}

/** A tagged paragraph: `tag` is roff already, `words` are text. */
export function tagged(tag: string, words: string): string {
  return `.TP\n${tag}\n${text(words)}`;
}

/** Lines that keep their form. */
export function verbatim(lines: readonly string[]): string {
  return [".nf", ...lines.flatMap((line) => [text(line), ""]).slice(0, -1), ".fi"].join("\n");
}

/** What begins a page of section 1. `date` is ISO 8601, without time. */
export function heading(name: string, date: string): string {
  return `.TH "${text(name.toUpperCase())}" 1 "${date}" "tsd" "User Commands"\n`;
}
