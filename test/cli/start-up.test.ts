import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "@jest/globals";
import { costly } from "../../script/esbuild/lazy-builtins.js";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

interface Loaded {
  readonly command: string;
  readonly files: readonly string[];
  readonly builtins: readonly string[];
  readonly koffi: boolean;
}

const preload = resolve("test/support/lab/report-loaded.cjs");
const byNode = { TSD_NODE: process.execPath, NODE_OPTIONS: `--require=${preload}` };
const byExecutable = { BUN_OPTIONS: `--preload=${preload}` };

/** What the process of this command loaded, beside the files that every command needs. */
async function loadedBy(words: string, env: Readonly<Record<string, string>>): Promise<Loaded | undefined> {
  const directory = mkdtempSync(join(tmpdir(), "tsd-loaded-"));
  try {
    await lab().host.mustTsd(words.split(" "), { env: { ...env, LOADED: directory } });
    const all = readdirSync(directory).map((name): Loaded => JSON.parse(readFileSync(join(directory, name), "utf8")));
    return all.find(({ command }) => command === words);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The last compiles the files. */
const everywhere = ["tsd.cjs", "cli.cjs", "node:vm"];

/** By Node.js, beside the files that each command needs. */
async function loadedByNode(words: string): Promise<readonly string[]> {
  const { files = [], builtins = [], koffi = false } = (await loadedBy(words, byNode)) ?? {};
  const all = [...files, ...builtins.filter((name) => costly.includes(name)), ...(koffi ? ["koffi"] : [])];
  return all.filter((name) => !everywhere.includes(name)).sort();
}

interface Row {
  readonly words: string;
  readonly loads: string;
}

const help = "node:net node:stream node:tty";
const reads = "library.cjs node:sqlite";
const changes = `koffi ${reads}`;
const runs = "koffi library.cjs node:child_process node:dgram node:net node:sqlite node:stream";
const waits = "koffi library.cjs node:fs/promises node:net node:sqlite node:stream node:timers/promises";
/** In this order: each needs what those before it made. */
const rows: readonly Row[] = [
  { words: "--version", loads: "" },
  { words: "--help", loads: "" },
  { words: "network create --help", loads: help },
  { words: "network create --subnet 10.88.0.0/24 made", loads: changes },
  { words: "network ls", loads: reads },
  { words: "network inspect made", loads: reads },
  { words: "ps", loads: reads },
  { words: "run -d --name one --net made -p 88:80 busybox sleep 1000", loads: runs },
  { words: "ps --json", loads: reads },
  { words: "port one", loads: reads },
  { words: "inspect one", loads: reads },
  { words: "logs one", loads: reads },
  { words: "explain one 198.51.100.2", loads: `explain.cjs ${changes}` },
  { words: "exec one true", loads: runs },
  { words: "rm -f one", loads: waits },
  { words: "network rm made", loads: changes },
];

test("each kind of command loads what it needs, and no more", async () => {
  const seen: Row[] = [];
  for (const { words } of rows) seen.push({ words, loads: (await loadedByNode(words)).join(" ") });
  expect(seen).toEqual(rows);
});

/** It waits for the container's output on a thread. */
const foreground = "run --rm --net none busybox true";

test("the executable loads koffi only for calls that wait", async () => {
  for (const words of [...rows.map((row) => row.words), foreground]) {
    const { koffi } = (await loadedBy(words, byExecutable)) ?? {};
    expect({ words, koffi }).toEqual({ words, koffi: words === foreground });
  }
});
