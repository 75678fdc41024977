import { Flags } from "@oclif/core";
import { argument, detachKeysFlag, signalProxyFlag } from "./definitions.js";
import { requireTerminal, runInForeground } from "./foreground.js";
import { TsdCommand } from "./tsd-command.js";

export default class Attach extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description =
    "Connects to the input and output of a running container. Ctrl-P Ctrl-Q leaves one with a terminal, which runs on. The exit code is the container's, or 0 for one that was left.";
  static override examples = [
    "<%= config.bin %> attach www",
    "<%= config.bin %> attach --no-stdin www",
    "<%= config.bin %> attach --detach-keys ctrl-x www",
  ];
  static override args = { container: argument("Name or id of a container.") };
  static override flags = {
    "no-stdin": Flags.boolean({ description: "Send it no input." }),
    ...signalProxyFlag,
    ...detachKeysFlag,
  };

  override async run(): Promise<number> {
    const { args, flags } = await this.parse(Attach);
    const code = await this.withTsd((tsd) => {
      const { spec, name } = tsd.containers.inspect(args.container).container;
      const { tty = false, interactive = false } = spec;
      const input = !flags["no-stdin"];
      requireTerminal({ tty, interactive: interactive && input }, this.surroundings);
      const say = (text: string): void => this.printError(text);
      const session = { tsd, tty, sigProxy: flags["sig-proxy"] ?? true, detachKeys: flags["detach-keys"], say };
      return runInForeground(this.surroundings, session, (options) =>
        tsd.containers.attach(name, { ...options, input, streams: this.surroundings.streams() }),
      );
    });
    return this.exitWith(code);
  }
}
