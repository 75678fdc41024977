import { Flags } from "@oclif/core";
import type { SendSignal } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { argument, detachKeysFlag, processFlags, remainingArguments, repeated } from "./definitions.js";
import { readEnvFile } from "./env-file.js";
import { readEnv } from "./environment.js";
import { requireTerminal } from "./foreground.js";
import { optional } from "./optional.js";
import { TsdCommand } from "./tsd-command.js";

export default class Exec extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description =
    "Flags after the container belong to the command. The exit code is the command's; 125 means that tsd failed.";
  static override examples = [
    "<%= config.bin %> exec -it www sh",
    "<%= config.bin %> exec -e TZ=UTC -w /tmp www date",
    "<%= config.bin %> exec --detach www touch /tmp/ready",
  ];
  static override usage = "exec [FLAGS] CONTAINER COMMAND...";
  static override strict = false;
  static override args = {
    container: argument("Name or id of a container."),
    command: remainingArguments("The command and its own arguments."),
  };
  static override flags = {
    detach: Flags.boolean({ char: "d", description: "Leave it running, without a terminal, input and output." }),
    privileged: Flags.boolean({ description: "Give the command every capability." }),
    ...detachKeysFlag,
    ...processFlags,
    "env-file": Flags.string({
      description: "Read variables from a file; may be repeated.",
      helpValue: "FILE",
      ...repeated,
    }),
  };

  override async run(): Promise<number> {
    const { args, flags } = await this.parse(Exec);
    const { tty, interactive, workdir, user } = flags;
    if (!flags.detach) requireTerminal(flags, this.surroundings);
    const files = await Promise.all((flags["env-file"] ?? []).map((file) => readEnvFile(file, this.surroundings)));
    const spec = {
      command: requireCommand(args.command, args.container),
      tty,
      interactive,
      env: [...files.flat(), ...readEnv(flags.env, this.surroundings)],
      ...(flags.privileged ? { privileged: true } : {}),
      ...(workdir === undefined ? {} : { workdir }),
      ...(user === undefined ? {} : { user }),
    };
    if (flags.detach) {
      await this.withTsd((tsd) => tsd.containers.execDetached(args.container, spec));
      return 0;
    }
    let stopListening = (): void => {};
    const onStart = (send: SendSignal): void => {
      stopListening = this.surroundings.onSignal(send);
    };
    try {
      const options = {
        streams: this.surroundings.streams(),
        onStart,
        ...optional("detachKeys", flags["detach-keys"]),
      };
      const { exitCode } = await this.withTsd((tsd) => tsd.containers.exec(args.container, spec, options));
      return this.exitWith(exitCode);
    } finally {
      stopListening();
    }
  }
}

function requireCommand(command: readonly string[] | undefined, container: string): readonly string[] {
  if (command !== undefined) return command;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_COMMAND_MISSING",
    message: `no command was given to run in container "${container}"`,
    hint: `Write for example tsd exec ${container} ls.`,
  });
}
