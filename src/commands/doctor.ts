import { Flags } from "@oclif/core";
import type { Finding, ForwardDrop, LeftWork } from "../api/index.js";
import { findingLines, fixedLines } from "../presenters/findings.js";
import { changeFlags, TsdCommand } from "./tsd-command.js";

export default class Doctor extends TsdCommand {
  protected override leftWork: LeftWork = "if-idle";
  static override description =
    "Looks for what is in the way of containers' networks and not tsd's to change: missing programs and kernel features, firewalls, routes, MTUs, the clock. Exits with 1 where it finds something that is not harmless.";
  static override examples = [
    "<%= config.bin %> doctor",
    "<%= config.bin %> doctor --json",
    "<%= config.bin %> doctor --fix --dry-run",
  ];
  static override flags = {
    fix: Flags.boolean({
      description:
        "Add rules to the chains of others that drop what containers send and get, which accept it; the last network takes them away.",
    }),
    ...changeFlags,
    "dry-run": Flags.boolean({ ...changeFlags["dry-run"], dependsOn: ["fix"] }),
  };

  override async run(): Promise<readonly (Finding | ForwardDrop)[]> {
    const { flags } = await this.parse(Doctor);
    if (flags.fix) return this.fix();
    const findings = await this.withTsd((tsd) => tsd.system.doctor());
    this.show(findings, findingLines(findings, this.look));
    this.exitWith(findings.every(({ harmless }) => harmless) ? 0 : 1);
    return findings;
  }

  private async fix(): Promise<readonly ForwardDrop[]> {
    this.leftWork = "finish";
    const opened = await this.withTsd((tsd) => tsd.system.fix());
    return this.show(opened, fixedLines(opened, this.look));
  }
}
