/** Go's own functions. */
const own = "and or not len index slice call print printf println html js urlquery eq ne lt le gt ge";
/** docker's, all of text. */
const added = "json join split lower upper title pad truncate";

export function isFunction(word: string): boolean {
  return own.split(" ").includes(word) || isTextFunction(word);
}

export function isTextFunction(word: string): boolean {
  return added.split(" ").includes(word);
}

/** A function, and how many arguments it takes; without `most` any number. */
export interface TemplateFunction {
  readonly least: number;
  readonly most?: number;
  readonly call: (...args: unknown[]) => unknown;
}

export type Apply = (name: string, args: readonly unknown[]) => unknown;
