import type { Remedy, Verdict } from "../api/index.js";
import { printable } from "../errors/printable.js";
import { TsdError } from "../errors/tsd-error.js";
import { confirm } from "./confirm.js";
import type { TsdCommand } from "./tsd-command.js";

interface Applying {
  /** The one that found the remedy, in whose surroundings it is applied. */
  readonly command: Pick<TsdCommand, "surroundings" | "config">;
  readonly options: { readonly isSure: boolean; readonly isDry: boolean };
}

/**
 * Runs the first command of tsd's that a verdict names, once it is shown and confirmed. Returns false where the user does not
 * want it, and in a dry run, which prints its plan. Throws `unsupported` where there is none.
 */
export async function applyRemedy(verdict: Verdict, { command, options }: Applying): Promise<boolean> {
  const [remedy] = verdict.remedies ?? [];
  if (remedy === undefined) throw notOurs(verdict);
  const { surroundings } = command;
  const words = printable(`tsd ${remedy.command.join(" ")}`);
  if (!options.isDry && !options.isSure) {
    if (!(await confirm(words, surroundings))) return false;
  } else {
    surroundings.writeError(`${words}\n`);
  }
  await runRemedy(remedy, { command, options });
  return !options.isDry;
}

/** Its own results are no result of this command. */
async function runRemedy({ command: words }: Remedy, { command, options }: Applying): Promise<void> {
  // The registry imports every command, and so this one.
  const { commands } = await import("./registry.js");
  const id = [words.slice(0, 2).join(" "), words[0] ?? ""].find((name) => Object.hasOwn(commands, name)) ?? "";
  const entry = commands[id];
  if (entry === undefined) throw new Error(`no command is registered for ${words.join(" ")}`);
  const { default: Command } = await entry.load();
  const argv = [...words.slice(id.split(" ").length), ...(options.isDry ? ["--dry-run"] : [])];
  const remedy = new Command(argv, command.config) as unknown as TsdCommand;
  remedy.surroundings = options.isDry
    ? command.surroundings
    : Object.assign(Object.create(command.surroundings), {
        writeOut: (text: string) => command.surroundings.writeError(text),
      });
  await remedy.run();
}

function notOurs({ why, hint }: Verdict): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_REMEDY_NOT_OURS",
    message: `tsd itself cannot open the way: ${why}`,
    ...(hint === undefined ? {} : { hint }),
  });
}
