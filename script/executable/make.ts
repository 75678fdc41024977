/**
 * Makes the executable, `dist/tsd` or at another path: one file with all of the command line, its adapters and the runtime; and
 * `licences.txt` beside it. Words: the path, and for another machine its processor and C library: `FILE arm64 musl`.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { build } from "esbuild";
import { root, unreached } from "../esbuild/settings.ts";
import { executableFiles } from "./files.ts";
import { licencesOf } from "./licences.ts";
import { installRuntime, thisMachine } from "./runtime.ts";

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

const [, , path = `${root}/dist/tsd`, cpu = thisMachine.cpu, libc = thisMachine.libc] = process.argv;
const file = resolve(path);
mkdirSync(dirname(file), { recursive: true });
const compiler = installRuntime(thisMachine);
const runtime = installRuntime({ cpu, libc });
const work = mkdtempSync(join(tmpdir(), "tsd-executable-"));
try {
  const built = await Promise.all(executableFiles(work).map((options) => build(options)));
  copyFileSync(runtime.koffi, `${work}/koffi.addon`);
  execFileSync(
    compiler.bun,
    [
      ...["build", "--compile", "--bytecode", "--format=cjs", "--target=bun", "--loader=.addon:file"],
      `--compile-executable-path=${runtime.bun}`,
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
