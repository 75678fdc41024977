import type { HostDrift } from "../api/index.js";
import { allIsWell, driftLines } from "../presenters/drift-lines.js";
import { jsonFlag, TsdCommand } from "./tsd-command.js";

export default class Check extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description =
    "Compares the machine with what tsd made, and prints what differs; changes nothing. Exits with 1 where anything does.";
  static override examples = ["<%= config.bin %> check", "<%= config.bin %> check --json"];
  static override flags = jsonFlag;

  override async run(): Promise<readonly HostDrift[]> {
    await this.parse(Check);
    const drifts = await this.withTsd((tsd) => tsd.system.check());
    this.show(drifts, drifts.length === 0 ? allIsWell(this.look) : driftLines(drifts, this.look));
    this.exitWith(drifts.length === 0 ? 0 : 1);
    return drifts;
  }
}
