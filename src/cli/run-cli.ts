import { wantsColour } from "../errors/colours.js";
import { isReaderGone } from "../errors/output-lost.js";
import { VERSION } from "../version.js";
import { overview } from "./overview.js";
import { isHelpRequested, isJsonRequested, takeDebug } from "./own-flags.js";
import type { CommandClass, Registry } from "./registry-entry.js";
import { resolveCommand } from "./resolve-command.js";
import { writeError, writeOut } from "./write-text.js";

/** 128 + SIGPIPE. */
const EXIT_BROKEN_PIPE = 141;

/**
 * Does what the words after `tsd` say: results on standard output, and why it failed on standard error. Sets the exit
 * code and leaves the end to Node.js, which first lets the streams drain.
 */
export async function runCli(argv: readonly string[], registry: Registry): Promise<void> {
  const debugFirst = argv[0] === "--debug" || argv[0] === "-D";
  let running = { id: "", args: argv, changes: false, json: false, debug: debugFirst || process.env.TSD_DEBUG === "1" };
  const fail = async (error: unknown): Promise<void> => {
    // The end that SIGPIPE would have made, unless something was done that should be known.
    if (isReaderGone(error) && !running.changes) {
      process.exitCode = EXIT_BROKEN_PIPE;
      return;
    }
    const { describeFailure } = await import("./describe-failure.js");
    const { isatty } = await import("node:tty");
    const failure = describeFailure(error, { ...running, colour: wantsColour(process.env, isatty(2)) });
    writeError(failure.text);
    process.exitCode = failure.exitCode;
  };
  process.once("uncaughtException", (error: NodeJS.ErrnoException) => {
    // A stream's reader is gone.
    if (error.code === "EPIPE") process.exit(EXIT_BROKEN_PIPE);
    void fail(error).then(() => process.exit());
  });
  try {
    const request = resolveCommand(debugFirst ? argv.slice(1) : argv, registry);
    if (request.kind === "version") writeOut(`tsd ${VERSION}\n`);
    else if (request.kind === "help") await explain(request.subject, registry);
    else {
      running = { ...running, ...request };
      const Command = await loadCommand(request.id, registry);
      const { args, debug } = takeDebug(request.args, Command);
      const changes = "dry-run" in (Command.flags ?? {});
      running = { ...running, args, changes, json: isJsonRequested(args, Command), debug: running.debug || debug };
      if (isHelpRequested(args, Command)) return await explain(request.id, registry);
      if (running.debug) (await import("./watch-operations.js")).watchOperations();
      const { CliConfig } = await import("./cli-config.js");
      await new Command([...args], new CliConfig()).run();
    }
  } catch (error) {
    await fail(error);
  }
  // Only plug-ins have this set: timers and sockets that they left open do not keep a command that has ended.
  if (process.hasUncaughtExceptionCaptureCallback()) process.exit();
}

async function loadCommand(id: string, registry: Registry): Promise<CommandClass> {
  const entry = registry[id];
  if (entry === undefined) throw new Error(`no command is registered as ${id}`);
  const { default: Command } = await entry.load();
  Command.id = id;
  return Command;
}

async function explain(subject: string, registry: Registry): Promise<void> {
  const entry = registry[subject];
  if (entry === undefined) return writeOut(overview(registry, subject));
  const { commandPage } = await import("./command-page.js");
  writeOut(await commandPage(subject, entry));
}
