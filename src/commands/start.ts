import { Flags } from "@oclif/core";
import type { Container } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { detachKeysFlag, remainingArguments, signalProxyFlag } from "./definitions.js";
import { requireTerminal, runInForeground } from "./foreground.js";
import { changeFlags, TsdCommand } from "./tsd-command.js";

interface ForegroundFlags {
  readonly interactive: boolean;
  readonly "sig-proxy": boolean | undefined;
  readonly "detach-keys": string | undefined;
}

export default class Start extends TsdCommand {
  static override description = "Starts stopped containers.";
  static override examples = ["<%= config.bin %> start www", "<%= config.bin %> start -ai www"];
  static override args = {
    container: remainingArguments("Name or id of a container; may be several without --attach, and none with --boot."),
  };
  static override flags = {
    attach: Flags.boolean({ char: "a", description: "Stay in the foreground, and exit with the container's code." }),
    interactive: Flags.boolean({ char: "i", description: "Send it standard input as well; includes --attach." }),
    boot: Flags.boolean({
      description: "Start those that their restart policies want after a boot, each after those that it needs.",
    }),
    ...signalProxyFlag,
    ...detachKeysFlag,
    ...changeFlags,
  };

  override async run(): Promise<readonly Container[] | number> {
    const { args, flags } = await this.parse(Start);
    const { container } = args;
    if (flags.boot) return this.startAll(container ?? []);
    if (container === undefined) throw nothingToStart();
    if (flags.attach || flags.interactive) return this.exitWith(await this.attach(container, flags));
    return this.withTsd((tsd) => this.forEachRef(container, (ref) => tsd.containers.start(ref)));
  }

  private startAll(named: readonly string[]): Promise<readonly Container[]> {
    if (named.length > 0) throw refuseNamed(named[0] ?? "");
    return this.withTsd((tsd) =>
      this.forEachRef(
        tsd.containers.toStartAtBoot().map(({ name }) => name),
        (name) => tsd.containers.start(name),
      ),
    );
  }

  private attach([ref = "", ...others]: readonly string[], flags: ForegroundFlags): Promise<number> {
    if (others.length > 0) throw refuseSeveral(others.length + 1);
    return this.withTsd((tsd) => {
      const { tty = false, interactive = false } = tsd.containers.inspect(ref).container.spec;
      const input = flags.interactive;
      if (!this.dryRun) requireTerminal({ tty, interactive: interactive && input }, this.surroundings);
      const say = (text: string): void => this.printError(text);
      const session = { tsd, tty, sigProxy: flags["sig-proxy"] ?? true, detachKeys: flags["detach-keys"], say };
      return runInForeground(this.surroundings, session, (options) =>
        tsd.containers.startAttached(ref, { ...options, input, streams: this.surroundings.streams() }),
      );
    });
  }
}

function nothingToStart(): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_START_NAMES_NONE",
    message: "no container was named",
    hint: "Write tsd start NAME; tsd ps -a lists containers.",
  });
}

function refuseNamed(name: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_START_BOOT_NAMES",
    message: `--boot takes the containers that restart policies want, and "${name}" was named`,
    hint: `Leave out one of the two: tsd start --boot, or tsd start ${name}.`,
  });
}

function refuseSeveral(count: number): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_ATTACH_SEVERAL",
    message: `--attach takes one container, and ${count} were named`,
    hint: "Start them without --attach.",
  });
}
