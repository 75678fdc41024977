import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";

/** What compiles the executable, and becomes a part of it. */
export interface Compiler {
  readonly path: string;
  /** Its C library, and so that of the executable. */
  readonly libc: "linux" | "musl";
}

const listed = `${import.meta.dirname}/../compiler`;

/** Bun, which npm installs below the directory, where it is not there in this version: a package for each processor and C library. */
export function installCompiler(directory: string): Compiler {
  const files = ["package.json", "package-lock.json"];
  const differs = (name: string): boolean =>
    !existsSync(`${directory}/${name}`) || textOf(`${directory}/${name}`) !== textOf(`${listed}/${name}`);
  if (!existsSync(`${directory}/node_modules`) || files.some(differs)) {
    mkdirSync(directory, { recursive: true });
    for (const name of files) copyFileSync(`${listed}/${name}`, `${directory}/${name}`);
    execFileSync(`${import.meta.dirname}/../npm`, ["ci", "--prefix", directory, "--ignore-scripts"], {
      stdio: "inherit",
    });
  }
  const [name] = readdirSync(`${directory}/node_modules/@oven`);
  if (name === undefined) throw new Error(`npm has no Bun for ${process.arch}`);
  return { path: `${directory}/node_modules/@oven/${name}/bin/bun`, libc: name.endsWith("-musl") ? "musl" : "linux" };
}

function textOf(path: string): string {
  return readFileSync(path, "utf8");
}
