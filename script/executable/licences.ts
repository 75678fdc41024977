import { readdirSync, readFileSync } from "node:fs";
import { root } from "../esbuild/settings.ts";

/** What is inside without being a module: the runtime has no licence file in its package, so its terms are written down here. */
const besides = ["node_modules/koffi"];
const runtimeTerms = `${import.meta.dirname}/runtime-licence.txt`;

/** The licences of all packages that the modules are of, and of the runtime. Throws for a package without one. */
export function licencesOf(modules: readonly string[]): string {
  const directories = new Set([...modules.flatMap(packageOf), ...besides]);
  const sections = [...directories].sort().map((directory) => {
    const { name, version } = JSON.parse(readFileSync(`${root}/${directory}/package.json`, "utf8"));
    return section(`${name} ${version}`, readFileSync(licenceFile(directory), "utf8"));
  });
  return [...sections, section("The runtime", readFileSync(runtimeTerms, "utf8"))].join("\n");
}

/** `node_modules/@a/b` of `node_modules/@a/b/lib/c.js`, where it is a module of a package. */
function packageOf(module: string): readonly string[] {
  return /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(module)?.slice(0, 1) ?? [];
}

function licenceFile(directory: string): string {
  const name = readdirSync(`${root}/${directory}`).find((file) => /^licen[cs]e/i.test(file));
  if (name === undefined) throw new Error(`${directory} has no licence file: the executable must not hold it`);
  return `${root}/${directory}/${name}`;
}

function section(title: string, text: string): string {
  return `${title}\n${"-".repeat(title.length)}\n\n${text.trim()}\n`;
}
