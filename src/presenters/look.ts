import { inColours, type Style } from "../errors/colours.js";

/** How text looks where it goes: in colours or not, folded to a terminal's width or not. */
export interface Look {
  readonly paint: (text: string, style: Style) => string;
  /** Columns of the terminal; absent for files and programs, whose lines stay as they are. */
  readonly width?: number;
  /** Also what is seldom asked for. */
  readonly verbose?: boolean;
}

/** For files and programs. */
export const plain: Look = { paint: (text) => text };

export function lookOf({ colour, width }: { readonly colour: boolean; readonly width: number | undefined }): Look {
  return { paint: colour ? inColours : plain.paint, ...(width === undefined ? {} : { width }) };
}

/** Marks that say the same as the colours of verdicts, for people; nothing for programs, which know the words. */
export function mark({ width, paint }: Look, isGood: boolean | undefined): string {
  if (width === undefined) return "";
  if (isGood === undefined) return `${paint("?", "yellow")} `;
  return isGood ? `${paint("✔", "green")} ` : `${paint("✘", "red")} `;
}
