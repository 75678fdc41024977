/**
 * Makes the executable, `dist/tsd` or at another path: one file with all of the command line, its adapters and the runtime; and
 * `licences.txt` beside it.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { build } from "esbuild";
import { root, unreached } from "../esbuild/settings.ts";
import { type Compiler, installCompiler } from "./compiler.ts";
import { executableFiles } from "./files.ts";
import { licencesOf } from "./licences.ts";

/** Names by which launchers call the executable, for programs in place of the command line. */
const otherNames = ["tsd-cni", "tsd-netavark"];

/**
 * How much more often than usual code must run before the runtime compiles it to machine code: a command ends before that would
 * have paid.
 */
const jitPolicy = "--compile-jit-policy=100";

/** The runtime must not read settings of its own where a user may write. Plug-ins find their packages by package.json. */
const files = [
  ...["dotenv", "bunfig", "tsconfig"].map((kind) => `--no-compile-autoload-${kind}`),
  "--compile-autoload-package-json",
];

const file = resolve(process.argv[2] ?? `${root}/dist/tsd`);
mkdirSync(dirname(file), { recursive: true });
const compiler = installCompiler(`${root}/.runtime/compiler`);
const work = mkdtempSync(join(tmpdir(), "tsd-executable-"));
try {
  const built = await Promise.all(executableFiles(work).map((options) => build(options)));
  copyFileSync(koffiBinary(compiler.libc), `${work}/koffi.addon`);
  execFileSync(
    compiler.path,
    [
      ...["build", "--compile", "--bytecode", "--format=cjs", "--target=bun", "--loader=.addon:file"],
      ...[...files, jitPolicy],
      ...unreached.map((name) => `--external=${name}`),
      ...["--outfile", file, "main.cjs"],
    ],
    { cwd: work, stdio: ["ignore", "ignore", "inherit"] },
  );
  writeFileSync(
    join(dirname(file), "licences.txt"),
    licencesOf(built.flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {}))),
  );
} finally {
  rmSync(work, { recursive: true });
}
for (const name of otherNames) {
  const link = join(dirname(file), name);
  rmSync(link, { force: true });
  symlinkSync(basename(file), link);
}

/** The path of koffi's add-on for this processor. */
function koffiBinary(libc: Compiler["libc"]): string {
  const { arch } = process;
  return createRequire(import.meta.url).resolve(`@koromix/koffi-linux-${arch}/${libc}_${arch}/koffi.node`);
}
