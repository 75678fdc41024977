import type { Finding } from "../api/index.js";
import { findingLines } from "../presenters/findings.js";
import { jsonFlag, TsdCommand } from "./tsd-command.js";

export default class Doctor extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description =
    "Looks for what is in the way of containers' networks and not tsd's to change: missing programs and kernel features, firewalls, routes, MTUs, the clock. Exits with 1 where it finds something that is not harmless.";
  static override examples = ["<%= config.bin %> doctor", "<%= config.bin %> doctor --json"];
  static override flags = jsonFlag;

  override async run(): Promise<readonly Finding[]> {
    await this.parse(Doctor);
    const findings = await this.withTsd((tsd) => tsd.system.doctor());
    this.show(findings, findingLines(findings));
    this.exitWith(findings.every(({ harmless }) => harmless) ? 0 : 1);
    return findings;
  }
}
