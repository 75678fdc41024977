import { type DeclarationFile, parseDeclarations } from "./parse-declarations.ts";

/** Declarations by name, each with `export` where a program gets it by its name. */
export type Surface = ReadonlyMap<string, string>;

/**
 * What a program gets from `entry`: each declaration that it exports, and each that those stand on, sorted by name, so that
 * a declaration may move from file to file. `files` are as tsc writes them, without comments.
 */
export function surfaceOf(files: ReadonlyMap<string, string>, entry: string): Surface {
  const parsed = new Map([...files].map(([path, text]) => [path, parseDeclarations(path, text)]));
  const texts = textsByName(parsed);
  const exported = exportsOf(parsed, entry);
  const used = new Set(exported);
  for (const name of used) {
    for (const [word] of (texts.get(name) ?? "").matchAll(/[\w$]+/g)) if (texts.has(word)) used.add(word);
  }
  return new Map([...used].sort().map((name) => [name, `${exported.has(name) ? "export " : ""}${texts.get(name)}`]));
}

function textsByName(files: ReadonlyMap<string, DeclarationFile>): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { declarations } of files.values()) {
    for (const [name, text] of declarations) {
      if ((texts.get(name) ?? text) !== text)
        throw new Error(`two declarations are called ${name}: rename one of them`);
      texts.set(name, text);
    }
  }
  return texts;
}

function exportsOf(files: ReadonlyMap<string, DeclarationFile>, path: string): ReadonlySet<string> {
  const file = files.get(path);
  if (file === undefined) throw new Error(`${path} was not compiled`);
  const passedOn = file.reexports.flatMap(({ from, names }) => (names === "all" ? [...exportsOf(files, from)] : names));
  return new Set([...file.exported, ...passedOn]);
}
