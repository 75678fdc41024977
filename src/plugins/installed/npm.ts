import { TsdError } from "../../errors/tsd-error.js";
import { exec } from "../../kernel/programs/exec.js";
import { pluginError } from "./plugin-error.js";
import { saidBy } from "./said-by.js";

/** Milliseconds: registries can be slow. */
const PATIENCE = 600_000;

const QUIET = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];

/** Has npm, as the user has configured it, fetch a package of a registry. Returns the path of its tarball. */
export async function fetchPackage(spec: string, directory: string): Promise<string> {
  const { stdout } = await npm(["pack", spec, "--pack-destination", directory, ...QUIET], { directory, name: spec });
  const file = stdout.trim().split("\n").at(-1) ?? "";
  return `${directory}/${file.split("/").at(-1)}`;
}

/** Installs what a package needs beside itself, below its own directory; scripts do not run, and nothing is linked. */
export async function installDependencies(directory: string, name: string): Promise<void> {
  const plain = ["--install-links", "--no-bin-links", "--no-package-lock"];
  await npm(["install", "--omit=dev", "--omit=peer", ...plain, ...QUIET], { directory, name });
}

async function npm(
  args: readonly string[],
  { directory, name }: { readonly directory: string; readonly name: string },
): ReturnType<typeof exec> {
  try {
    // It must not outlive its tsd and write on where others tidy up.
    return await exec("setpriv", ["--pdeathsig", "KILL", "npm", ...args], { cwd: directory, timeout: PATIENCE });
  } catch (cause) {
    if (!TsdError.is(cause, "runtime")) throw cause;
    const lines = String(cause.details.stderr).split("\n");
    if (lines.some((line) => /^setpriv: .*npm/.test(line))) throw npmMissing(cause);
    throw pluginError(name, {
      code: "TSD_PLUGIN_NPM_FAILED",
      message: `plug-in "${name}" cannot be installed: npm said: ${saidBy(complaintOf(lines) ?? cause)}`,
      hint: `Try it by hand: npm ${args[0] === "pack" ? `view ${name}` : "install"}`,
      details: { stderr: cause.details.stderr },
      cause,
    });
  }
}

/** npm's own sentence, among lines of codes and paths. */
function complaintOf(lines: readonly string[]): string | undefined {
  const said = lines.flatMap((line) => /^npm (?:error|ERR!) (.+)$/.exec(line)?.[1] ?? []);
  return said.find((line) => !/^(code|errno|syscall|path|dest|type|stack)\b/.test(line)) ?? said[0];
}

function npmMissing(cause: unknown): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_PROGRAM_MISSING",
    message: "the program npm is not installed, which fetches packages and what they depend on",
    hint: "Install it: apt-get install npm; or add a folder, a tarball or a file that depends on nothing.",
    details: { program: "npm" },
    cause,
  });
}
