import { Flags } from "@oclif/core";
import type { WaitCondition } from "../api/index.js";
import { severalArguments } from "./definitions.js";
import { optional } from "./optional.js";
import { jsonFlag, TsdCommand } from "./tsd-command.js";

const conditions: readonly WaitCondition[] = ["not-running", "next-exit", "removed"];

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
  static override flags = {
    condition: Flags.option({
      options: conditions,
      description:
        "Until it does not run, it has ended once more, or it is removed; not-running unless said otherwise.",
    })(),
    ...jsonFlag,
  };

  override async run(): Promise<readonly WaitResult[]> {
    const { args, flags } = await this.parse(Wait);
    return this.withTsd((tsd) => {
      // All at once, since one may end and be removed while another is waited for.
      const waits = new Map(
        args.container.map((ref) => [ref, tsd.containers.wait(ref, optional("condition", flags.condition))]),
      );
      for (const wait of waits.values()) wait.catch(() => undefined);
      return this.forEachRef(
        args.container,
        async (container) => ({ container, exitCode: (await waits.get(container)) ?? 0 }),
        (_ref, { exitCode }) => String(exitCode),
      );
    });
  }
}
