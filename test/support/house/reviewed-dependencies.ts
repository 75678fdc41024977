/**
 * Names in the first column, with commas between them, of each Markdown table that begins
 * `| dependency | why | weighed |`; sorted.
 */
export function reviewedDependencies(markdown: string): readonly string[] {
  const names: string[] = [];
  let inTable = false;
  for (const line of markdown.split("\n")) {
    const cells = line.split("|").map((cell) => cell.trim());
    if (/^\|\s*dependency\s*\|\s*why\s*\|\s*weighed\s*\|/i.test(line)) inTable = true;
    else if (!line.startsWith("|")) inTable = false;
    else if (inTable && !/^[-:]+$/.test(cells[1] ?? ""))
      names.push(...(cells[1] ?? "").replaceAll("`", "").split(/,\s*/));
  }
  return names.sort();
}
