import { type BuildOptions, build, type Metafile } from "esbuild";

/** What a file of dist/ evaluates as it loads, before any of its functions is called. */
export interface LoadedAtOnce {
  readonly bytes: number;
  /** Packages, and folders of src. */
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
  return { bytes, parts: [...new Set(modules.map(partOf))].sort() };
}

function imported({ inputs }: Metafile, entry: string): readonly string[] {
  const found = new Set([entry]);
  // A set grows while it is gone through.
  for (const path of found) {
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
