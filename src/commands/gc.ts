import { Flags } from "@oclif/core";
import type { Orphan } from "../api/index.js";
import { freedLines, orphanWords } from "../presenters/orphans.js";
import { changeFlags, TsdCommand } from "./tsd-command.js";

export default class Gc extends TsdCommand {
  static override description =
    "Frees orphans, which bear tsd's marks and belong to no row: namespaces, links, rules, mounts, directories, processes, logs, leases, image layers. Prints what it freed, and why; tsd check names it before. Exits with 1 where something would not go.";
  static override examples = [
    "<%= config.bin %> gc",
    "<%= config.bin %> gc --dry-run",
    "<%= config.bin %> gc --force",
    "<%= config.bin %> gc --forget",
  ];
  static override flags = {
    ...changeFlags,
    force: Flags.boolean({
      description: "Forgets leases that their IPAM driver does not release; the driver may go on holding them.",
    }),
    forget: Flags.boolean({
      description:
        "Where the state database is lost: begin an empty one, and end and free all that the old one knew, running containers too.",
    }),
  };

  override async run(): Promise<{ readonly freed: readonly Orphan[]; readonly left: readonly Orphan[] }> {
    const { flags } = await this.parse(Gc);
    this.forget = flags.forget;
    const outcome = await this.withTsd((tsd) => tsd.system.gc({ force: flags.force }));
    this.show(
      outcome,
      outcome.left.length > 0 && outcome.freed.length === 0 ? "" : freedLines(outcome.freed, this.look),
    );
    for (const orphan of outcome.left) this.printError(`tsd: ${orphanWords(orphan)}\n`);
    this.exitWith(outcome.left.length === 0 ? 0 : 1);
    return outcome;
  }
}
