import { execFileSync } from "node:child_process";

/**
 * Makes sure that the test is alone in its namespaces, then gives it a /run of its own. Throws outside of
 * `unshare -n -m`: what follows would change the machine.
 */
export function enterPrivateHost(): void {
  const links: unknown = JSON.parse(execFileSync("ip", ["-j", "link"], { encoding: "utf8" }));
  if (!Array.isArray(links) || links.length !== 1)
    throw new Error("run this in unshare -n -m: the namespace has links");
  execFileSync("mount", ["-t", "tmpfs", "tmpfs", "/run"]);
}

/** The answer of a program, or its failure. */
export function run(file: string, ...args: readonly string[]): string {
  return execFileSync(file, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 27 });
}
