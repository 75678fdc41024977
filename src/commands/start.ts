import { Flags } from "@oclif/core";
import type { Container } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { detachKeysFlag, severalArguments, signalProxyFlag } from "./definitions.js";
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
  static override args = { container: severalArguments("Name or id of a container; may be several without --attach.") };
  static override flags = {
    attach: Flags.boolean({ char: "a", description: "Stay in the foreground, and exit with the container's code." }),
    interactive: Flags.boolean({ char: "i", description: "Send it standard input as well; includes --attach." }),
    ...signalProxyFlag,
    ...detachKeysFlag,
    ...changeFlags,
  };

  override async run(): Promise<readonly Container[] | number> {
    const { args, flags } = await this.parse(Start);
    if (flags.attach || flags.interactive) return this.exitWith(await this.attach(args.container, flags));
    return this.withTsd((tsd) => this.forEachRef(args.container, (ref) => tsd.containers.start(ref)));
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

function refuseSeveral(count: number): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_ATTACH_SEVERAL",
    message: `--attach takes one container, and ${count} were named`,
    hint: "Start them without --attach.",
  });
}
