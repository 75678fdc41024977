/** A word as sh(1) reads it back. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A command line of such words. */
export function shellLine(words: readonly string[]): string {
  return words.map(shellWord).join(" ");
}

/** A command with `text`, whose last line must end, on its standard input. */
export function withInput(command: string, text: string): string {
  return `${command} <<'END'\n${text}END`;
}
