import { VERSION } from "../version.js";
import { isHelpRequested } from "./help-requested.js";
import { overview } from "./overview.js";
import type { Registry } from "./registry-entry.js";
import { resolveCommand } from "./resolve-command.js";
import { writeError, writeOut } from "./write-text.js";

/**
 * Does what the words after `tsd` say: results on standard output, and why it failed on standard error. Sets the exit
 * code and leaves the end to Node.js, which first lets the streams drain.
 */
export async function runCli(argv: readonly string[], registry: Registry): Promise<void> {
  let running = { id: "", args: argv };
  const fail = async (error: unknown): Promise<void> => {
    const { describeFailure } = await import("./describe-failure.js");
    const debug = process.env.TSD_DEBUG === "1";
    const failure = describeFailure(error, {
      ...running,
      json: isJsonRequested(running.args),
      debug,
    });
    writeError(failure.text);
    process.exitCode = failure.exitCode;
  };
  process.once("uncaughtException", (error) => {
    void fail(error).then(() => process.exit());
  });
  try {
    const request = resolveCommand(argv, registry);
    if (request.kind === "version") writeOut(`tsd ${VERSION}\n`);
    else if (request.kind === "help") await explain(request.subject, registry);
    else {
      running = request;
      await runCommand(request, registry);
    }
  } catch (error) {
    await fail(error);
  }
}

async function runCommand(
  request: { readonly id: string; readonly args: readonly string[] },
  registry: Registry,
): Promise<void> {
  const entry = registry[request.id];
  if (entry === undefined) throw new Error(`no command is registered as ${request.id}`);
  const { default: Command } = await entry.load();
  if (isHelpRequested(request.args, Command)) return explain(request.id, registry);
  const { CliConfig } = await import("./cli-config.js");
  Command.id = request.id;
  await new Command([...request.args], new CliConfig()).run();
}

async function explain(subject: string, registry: Registry): Promise<void> {
  const entry = registry[subject];
  if (entry === undefined) return writeOut(overview(registry, subject));
  const { commandPage } = await import("./command-page.js");
  writeOut(await commandPage(subject, entry));
}

/** True if `--json` stands before `--`; the words may not have been parsed yet. */
function isJsonRequested(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end === -1 ? args.length : end).includes("--json");
}
