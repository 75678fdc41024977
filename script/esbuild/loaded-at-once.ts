import { isBuiltin } from "node:module";
import { type BuildOptions, build, type Metafile } from "esbuild";

/** What a file of dist/ evaluates as it loads, before any of its functions is called. */
export interface LoadedAtOnce {
  readonly bytes: number;
  /** Packages, folders of src, and modules of the runtime that they import. */
  readonly parts: readonly string[];
}

/** Bundles a file of `programFiles`, and follows its imports but for those behind `import()`. */
export async function loadedAtOnce(file: BuildOptions): Promise<LoadedAtOnce> {
  const { metafile } = await build({ ...file, write: false, metafile: true });
  const [output] = Object.values(metafile?.outputs ?? {});
  if (metafile === undefined || output === undefined) throw new Error(`${file.outfile} was not bundled`);
  const modules = imported(metafile, output.entryPoint ?? "<stdin>").filter(
    (path) => output.inputs[path] !== undefined,
  );
  const bytes = modules.reduce((sum, path) => sum + (output.inputs[path]?.bytesInOutput ?? 0), 0);
  const builtins = modules.flatMap((path) => builtinsOf(metafile, path));
  return { bytes, parts: [...new Set([...modules.map(partOf), ...builtins])].sort() };
}

/** Of a package's modules none: what they require they may require later. */
function builtinsOf({ inputs }: Metafile, path: string): readonly string[] {
  const imports = inputs[path]?.imports ?? [];
  return imports
    .filter(({ path: module, kind, external }) => external && kind === "import-statement" && isBuiltin(module))
    .map(({ path: module }) => module);
}

function imported({ inputs }: Metafile, entry: string): readonly string[] {
  const found = new Set([entry]);
  // A set grows while it is gone through.
  for (const path of found) {
    // Namespaces of this folder's plug-ins: what they require they require at first use.
    if (path.startsWith("lazy-")) continue;
    for (const { path: other, kind, external } of inputs[path]?.imports ?? []) {
      if (kind !== "dynamic-import" && !external) found.add(other);
    }
  }
  return [...found];
}

function partOf(path: string): string {
  const inPackage = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
  return inPackage ?? path.replace(/\/[^/]*$/, "");
}
