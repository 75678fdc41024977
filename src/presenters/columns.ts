const escapeMark = "\u001b";
/** A style of colours.ts begins or ends. */
const styled = new RegExp(`(${escapeMark}\\[\\d+m)`);
const none = /[\p{Mn}\p{Me}\p{Cf}]/u;
/** East Asian Wide and Fullwidth (UAX #11), roughly, and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

/** Most texts are that: a table of many rows is not to look at each letter. */
const plain = /^[ -~]*$/;

/** How many columns of a terminal a line takes. */
export function columnsOf(text: string): number {
  if (plain.test(text)) return text.length;
  let columns = 0;
  for (const mark of text
    .split(styled)
    .filter((part) => !styled.test(part))
    .join("")) {
    if (mark <= "~") columns += 1;
    else if (!none.test(mark)) columns += wide.test(mark) ? 2 : 1;
  }
  return columns;
}

/** Fills up with spaces to so many columns. */
export function padColumns(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - columnsOf(text)));
}

/** As much of a text without styles as so many columns have room for, with an ellipsis where some is lacking. */
export function cutColumns(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let cut = "";
  for (const mark of text) {
    if (columnsOf(cut + mark) > columns - 1) break;
    cut += mark;
  }
  return `${cut}…`;
}

/** As {@link cutColumns}, for a line with styles, which all end. */
export function cutStyled(line: string, columns: number | undefined): string {
  if (columns === undefined || columnsOf(line) <= columns) return line;
  let room = columns - 1;
  const parts = line.split(styled).map((part) => {
    if (styled.test(part)) return part;
    const piece = columnsOf(part) <= room ? part : cutColumns(part, room + 1).slice(0, -1);
    // After the first part that is cut there is no more.
    room = piece === part ? room - columnsOf(part) : 0;
    return piece;
  });
  return `${parts.join("")}…`;
}

/** Too narrow for lines to be folded with sense. */
const narrowest = 20;

/** Folds each line between words, and indents what follows below the first word by `indent` more. A longer word stays whole. */
export function foldLines(text: string, width: number | undefined, indent = 2): string {
  if (width === undefined || width < narrowest) return text;
  return text
    .split("\n")
    .map((line) => foldLine(line, width, indent))
    .join("\n");
}

function foldLine(line: string, width: number, indent: number): string {
  if (columnsOf(line) <= width) return line;
  const [start = ""] = /^ */.exec(line) ?? [];
  const hanging = " ".repeat(Math.min(start.length + indent, width / 2));
  const lines: string[] = [];
  let current = start;
  for (const word of line.slice(start.length).split(" ")) {
    const isFirst = current === start || current === hanging;
    if (!isFirst && columnsOf(current) + 1 + columnsOf(word) > width) {
      lines.push(current);
      current = hanging + word;
    } else {
      current += isFirst ? word : ` ${word}`;
    }
  }
  return [...lines, current].join("\n");
}
