import { CodeCache } from "./code-cache.js";

// A launcher loads on any Node.js, and only then looks at its version: some do not know the names of these modules.
const fs = (): typeof import("node:fs") => process.getBuiltinModule("node:fs");
const vm = (): typeof import("node:vm") => process.getBuiltinModule("node:vm");

interface Loaded {
  readonly module: { exports: unknown };
  readonly script: import("node:vm").Script;
  /** Where its compiled code is kept. */
  readonly code: string;
  /** True where that holds what processes with this purpose run. */
  readonly isKnown: boolean;
}

/** How files refer to each other. */
const BESIDE = /^\.\/([\w-]+\.cjs)$/;

/**
 * Loads files of dist/ with the code that V8 has compiled for earlier processes. The compile cache of Node.js holds what V8
 * compiles as it loads a file; what a process then runs, a function after the other, each process would compile again: a third
 * of all its work. Here the code is kept as it is at the end of a process, once for each purpose that a process can have.
 *
 * Where nothing can be kept, or other users could have changed it, all works without. A file that was replaced has another
 * inode or another time of change, however much it looks like the former one.
 */
export class CompiledFiles {
  private readonly loaded = new Map<string, Loaded>();
  private readonly cache: CodeCache;
  private readonly isSafe: boolean;

  /** `directory` is that of the files; `name` is that of their cache, which is made when there is something to keep. */
  constructor(
    private readonly directory: string,
    name: string,
    /** A word: of processes with one purpose, the first keeps what it has compiled beside what was there. */
    private readonly purpose: string,
    private readonly require: (id: string) => unknown,
  ) {
    this.cache = new CodeCache(directory, name);
    this.isSafe = this.cache.isSafe();
  }

  /** The exports of a file. What it requires is loaded likewise, if it is beside it. */
  load(file: string): unknown {
    const known = this.loaded.get(file);
    if (known !== undefined) return known.module.exports;
    const { existsSync, readFileSync, statSync } = fs();
    const { Script } = vm();
    const filename = `${this.directory}/${file}`;
    const { size, ino, ctimeMs } = statSync(filename);
    const code = `${this.cache.path}/${file}-${process.version}-${process.arch}-${size}-${ino}-${ctimeMs}`;
    const cachedData = this.isSafe && this.cache.owns(code) ? readOrNothing(code) : undefined;
    const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(filename, "utf8")}\n})`;
    const script = new Script(source, { filename, ...(cachedData === undefined ? {} : { cachedData }) });
    const isKnown = script.cachedDataRejected === false && existsSync(`${code}.${this.purpose}`);
    const module = { exports: {} };
    this.loaded.set(file, { module, script, code, isKnown });
    const require = (id: string): unknown => {
      const beside = BESIDE.exec(id)?.[1];
      return beside === undefined ? this.require(id) : this.load(beside);
    };
    script.runInThisContext()(module.exports, require, module, filename, this.directory);
    return module.exports;
  }

  /** Keeps what this process has compiled, at its end; costs nothing where processes with its purpose have done so. */
  keep(): void {
    if (!/^[\w-]+$/.test(this.purpose)) return;
    for (const { script, code, isKnown } of this.loaded.values()) {
      if (isKnown) continue;
      try {
        if (!this.cache.make()) return;
        removeFormer(code);
        replace(code, script.createCachedData());
        replace(`${code}.${this.purpose}`, Buffer.alloc(0));
      } catch {
        // The directory is read-only, or the disk full.
      }
    }
  }
}

/** What this Node.js kept for the file that was there before. */
function removeFormer(code: string): void {
  const { readdirSync, rmSync } = fs();
  const [directory, name] = splitPath(code);
  const sameFile = name.slice(0, name.indexOf(process.arch));
  for (const other of readdirSync(directory)) {
    if (other.startsWith(sameFile) && !other.startsWith(name)) rmSync(`${directory}/${other}`, { force: true });
  }
}

function splitPath(path: string): readonly [directory: string, name: string] {
  const slash = path.lastIndexOf("/");
  return [path.slice(0, slash), path.slice(slash + 1)];
}

function readOrNothing(path: string): Buffer | undefined {
  try {
    return fs().readFileSync(path);
  } catch {
    return undefined;
  }
}

/** Whole and on the disk, or not at all: V8 does not look whether every byte is there. */
function replace(path: string, bytes: Uint8Array): void {
  const { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } = fs();
  const partial = `${path}.${process.pid}`;
  const descriptor = openSync(partial, "w", 0o600);
  try {
    writeFileSync(descriptor, bytes);
    fsyncSync(descriptor);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}
