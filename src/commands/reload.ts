import type { HostDrift } from "../api/index.js";
import { driftLines, repairLines } from "../presenters/drift-lines.js";
import { changeFlags, TsdCommand } from "./tsd-command.js";

export default class Reload extends TsdCommand {
  static override description =
    "Repairs what differs from what tsd made, and touches nothing else: after a reload of the firewall, say. Prints what it repaired; exits with 1 where something is still different.";
  static override examples = ["<%= config.bin %> reload", "<%= config.bin %> reload --json"];
  static override flags = changeFlags;

  override async run(): Promise<{ readonly found: readonly HostDrift[]; readonly left: readonly HostDrift[] }> {
    await this.parse(Reload);
    const outcome = await this.withTsd((tsd) => tsd.system.reload());
    this.show(outcome, repairLines(outcome, this.look));
    const different = outcome.left.filter(({ problem }) => problem !== "stray");
    if (different.length > 0) this.printError(`tsd: still different:\n${driftLines(different)}`);
    this.exitWith(different.length === 0 ? 0 : 1);
    return outcome;
  }
}
