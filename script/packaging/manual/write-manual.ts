import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { root, shared } from "../../esbuild/settings.ts";

type Pages = typeof import("./pages.ts");

/** Writes a page for tsd and for each command into the directory, made from the commands. `time` is in seconds since 1970. */
export async function writeManual(directory: string, time: number): Promise<void> {
  const { manualPages } = await bundled();
  const date = new Date(time * 1000).toISOString().slice(0, 10);
  mkdirSync(directory, { recursive: true });
  for (const [name, page] of await manualPages(readFileSync(`${root}/README.md`, "utf8"), date)) {
    writeFileSync(`${directory}/${name}.gz`, gzipSync(page, { level: 9 }));
  }
}

/** Commands name each other as files of JavaScript, which Node.js does not find in src. It lies where their packages are found. */
async function bundled(): Promise<Pages> {
  mkdirSync(`${root}/.cache`, { recursive: true });
  const work = mkdtempSync(`${root}/.cache/manual-`);
  try {
    const outfile = `${work}/pages.mjs`;
    const entryPoints = [`${import.meta.dirname}/pages.ts`];
    await build({ ...shared, entryPoints, outfile, format: "esm", target: "node24", packages: "external" });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(work, { recursive: true });
  }
}
