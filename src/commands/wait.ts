import { severalArguments } from "./definitions.js";
import { jsonFlag, TsdCommand } from "./tsd-command.js";

/** How one container ended. */
export interface WaitResult {
  readonly container: string;
  readonly exitCode: number;
}

export default class Wait extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description = "Waits until containers have ended, and prints the exit code of each.";
  static override examples = ["<%= config.bin %> wait www", "<%= config.bin %> wait --json www db"];
  static override args = { container: severalArguments("Name or id of a container; may be several.") };
  static override flags = jsonFlag;

  override async run(): Promise<readonly WaitResult[]> {
    const { args } = await this.parse(Wait);
    return this.withTsd((tsd) =>
      this.forEachRef(
        args.container,
        async (container) => ({ container, exitCode: await tsd.containers.wait(container) }),
        (_ref, { exitCode }) => String(exitCode),
      ),
    );
  }
}
