import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { mustRun, runProgram } from "./program.js";

/** As strict as TypeScript gets, without `types` and `lib` for tsd's sake, and with the declarations of packages checked. */
const compilerOptions = {
  target: "es2024",
  lib: ["es2024"],
  module: "nodenext",
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
  allowImportingTsExtensions: true,
};

/**
 * A project of a user's, in which tsd is installed from what `npm pack` makes. It has the packages that tsd names for users,
 * and no other of this project's.
 */
export class PackedProject {
  private constructor(readonly directory: string) {}

  static async create(): Promise<PackedProject> {
    const project = new PackedProject(mkdtempSync(join(tmpdir(), "tsd-packed-")));
    const { directory } = project;
    await mustRun(
      [resolve("script/with-node"), "npm", "pack", "--silent", "--offline", "--pack-destination", directory],
      { env: { PATH: process.env.PATH ?? "", HOME: directory }, timeout: 120_000 },
    );
    const installed = join(directory, "node_modules/@tsdnet/tsd");
    mkdirSync(installed, { recursive: true });
    await mustRun(["sh", "-ec", 'tar -xzf "$0"/*.tgz -C "$1" --strip-components=1', directory, installed]);
    const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
    for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
      const link = join(directory, "node_modules", name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(resolve("node_modules", name), link);
    }
    project.write("package.json", JSON.stringify({ type: "module" }));
    project.write("tsconfig.json", JSON.stringify({ compilerOptions }));
    return project;
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.directory, file), text);
  }

  /** What the compiler finds wrong; empty where it finds nothing. */
  async typeErrors(): Promise<string> {
    const { stdout, stderr } = await runProgram([resolve("script/with-node"), "tsc", "--project", this.directory]);
    return stdout + stderr;
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}
