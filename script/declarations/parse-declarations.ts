import { posix } from "node:path";

/** A file of declarations, as tsc writes it, without comments. */
export interface DeclarationFile {
  /** By name, without `export`; of what comes from packages and from Node.js, the import. */
  readonly declarations: ReadonlyMap<string, string>;
  readonly exported: readonly string[];
  readonly reexports: readonly { readonly from: string; readonly names: readonly string[] | "all" }[];
}

type Reader = (match: readonly (string | undefined)[], found: Found) => void;

interface Found {
  readonly path: string;
  readonly declarations: Map<string, string>;
  readonly exported: string[];
  readonly reexports: { from: string; names: readonly string[] | "all" }[];
}

/** The statements that there are, and what each says. */
const statements: readonly (readonly [RegExp, Reader])[] = [
  [/^\/\/\/ <reference types="node" preserve="true" \/>$/, () => undefined],
  [/^export \{\};$/, () => undefined],
  [/^import type \{(.*)\} from "(\..*)";$/, () => undefined],
  [
    /^import type \{(.*)\} from "(.*)";$/,
    ([, names = "", from], { declarations }) => {
      for (const name of namesIn(names)) declarations.set(name, `import type { ${name} } from "${from}";`);
    },
  ],
  [
    /^export \* from "(\..*)";$/,
    ([, from = ""], { path, reexports }) => {
      reexports.push({ from: sibling(path, from), names: "all" });
    },
  ],
  [
    /^export (?:type )?\{(.*)\} from "(\..*)";$/,
    ([, names = "", from = ""], { path, reexports }) => {
      reexports.push({ from: sibling(path, from), names: namesIn(names) });
    },
  ],
  [
    /^(export )?((?:declare )?(?:abstract )?(?:interface|type|class|const|function) ([\w$]+)[\s\S]*)$/,
    ([, isExported, text = "", name = ""], { declarations, exported }) => {
      const overload = declarations.get(name);
      declarations.set(name, overload === undefined ? text : `${overload}\n${text}`);
      if (isExported !== undefined) exported.push(name);
    },
  ],
];

/** Throws for a statement that is none of those that tsc has written so far. */
export function parseDeclarations(path: string, text: string): DeclarationFile {
  const found: Found = { path, declarations: new Map(), exported: [], reexports: [] };
  // What is inside a statement is indented, and its last line begins with a bracket.
  for (const statement of text.trim().split(/\n(?=[a-z])/)) {
    const reading = statements.find(([pattern]) => pattern.test(statement));
    if (reading === undefined) throw new Error(`${path}: the report cannot read: ${statement}`);
    const [pattern, read] = reading;
    read(pattern.exec(statement) ?? [], found);
  }
  return found;
}

/** Of `A, type B`. */
function namesIn(list: string): readonly string[] {
  const names = list.split(",").map((name) => name.trim().replace(/^type /, ""));
  if (names.some((name) => !/^[\w$]+$/.test(name))) throw new Error(`the report cannot read: {${list}}`);
  return names;
}

function sibling(path: string, module: string): string {
  return posix.join(posix.dirname(path), module.replace(/\.js$/, ".d.ts"));
}
