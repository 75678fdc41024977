/** Widths in em of a sans-serif that is wide (DejaVu Sans, bold), so that another one needs no more room. */
const classes: readonly (readonly [RegExp, number])[] = [
  [/[\p{Mn}\p{Me}]/u, 0],
  [
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uff60]|\p{Emoji_Presentation}/u,
    1.25,
  ],
  [/[iljI|.,:;'!]/, 0.4],
  [/[MWmw@%]/, 1.12],
  [/[A-Z]/, 0.86],
  [/[^\x20-\x7e]/, 0.95],
];
const usual = 0.74;
/** What a letter that is not bold needs of it. */
const regular = 0.9;
/** Of a monospaced font (DejaVu Sans Mono has 0.602). */
const fixed = 0.63;

export interface Font {
  /** In pixels. */
  readonly size: number;
  readonly mono?: boolean;
  readonly bold?: boolean;
}

/** Pixels that the text takes at most. */
export function textWidth(text: string, { size, mono = false, bold = false }: Font): number {
  let width = 0;
  for (const mark of text) width += widthOf(mark, mono) * size * (bold || mono ? 1 : regular);
  return Math.ceil(width);
}

/** The text, or as much of it as fits before an ellipsis. */
export function fitText(text: string, room: number, font: Font): string {
  if (textWidth(text, font) <= room) return text;
  let fitting = "";
  for (const mark of text) {
    if (textWidth(`${fitting}${mark}…`, font) > room) break;
    fitting += mark;
  }
  return `${fitting}…`;
}

function widthOf(mark: string, mono: boolean): number {
  if (mono && mark >= " " && mark <= "~") return fixed;
  return classes.find(([marks]) => marks.test(mark))?.[1] ?? usual;
}
