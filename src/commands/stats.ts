import { setTimeout as sleep } from "node:timers/promises";
import { Args, Flags } from "@oclif/core";
import type { ContainerStats, Tsd } from "../api/index.js";
import { renderList } from "../presenters/list-view.js";
import { type Sample, statsRow, statsView } from "../presenters/stats-list.js";
import { networkTrafficTable, portTrafficTable } from "../presenters/traffic-tables.js";
import { jsonFlag, TsdCommand } from "./tsd-command.js";

/** Milliseconds between two lists, and between the two looks that a single one needs. */
const REFRESH = 1000;
const GLANCE = 500;
/** Cursor home, and all below it cleared: console_codes(4). */
const CLEAR = "\x1b[H\x1b[J";

interface StatsFlags {
  readonly all: boolean;
  readonly networks: boolean;
  readonly ports: boolean;
  readonly "no-trunc": boolean;
  readonly format: string | undefined;
}

export default class Stats extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description =
    "Shows what containers use of processors, memory, networks and disks, once a second until it is interrupted. --networks shows the traffic of each interface. --ports shows that of each published port, summed over connections that the kernel tracks at this moment; bytes are counted if net.netfilter.nf_conntrack_acct is 1.";
  static override examples = [
    "<%= config.bin %> stats",
    "<%= config.bin %> stats --no-stream --format '{{.Name}} {{.CPUPerc}}' www",
    "<%= config.bin %> stats --networks www",
    "<%= config.bin %> stats --ports --no-stream",
  ];
  static override args = {
    container: Args.string({
      description: "Name or id of a container; may be several.",
      multiple: true,
      ignoreStdin: true,
    }),
  };
  static override flags = {
    all: Flags.boolean({ char: "a", description: "Containers that do not run, too." }),
    "no-stream": Flags.boolean({ description: "Print one list, and end." }),
    "no-trunc": Flags.boolean({ description: "Print ids in full." }),
    networks: Flags.boolean({
      description: "Show the traffic of each network and interface.",
      exclusive: ["ports", "format"],
    }),
    ports: Flags.boolean({ description: "Show the traffic of each published port.", exclusive: ["format"] }),
    format: Flags.string({
      description: "Print each row with a template such as '{{.Name}} {{.CPUPerc}}', 'table {{.Name}}', or json.",
      helpValue: "TEMPLATE",
    }),
    ...jsonFlag,
  };

  override async run(): Promise<readonly ContainerStats[]> {
    const { args, flags } = await this.parse(Stats);
    return this.withTsd(async (tsd) => {
      const names = args.container ?? [];
      const requested = names.map((ref) => tsd.containers.inspect(ref).container.id);
      const measure = () => this.measure(tsd, requested, flags);
      let before = await measure();
      if (flags.json || flags["no-stream"]) {
        await sleep(GLANCE);
        const now = await measure();
        this.show(
          now.map(({ stats }) => stats).filter((stats) => stats !== undefined),
          this.text(before, now, flags),
        );
        return [];
      }
      for (;;) {
        await sleep(before.length === 0 ? 0 : REFRESH);
        const now = await measure();
        const text = this.text(before, now, flags);
        if (this.surroundings.isTerminal(1) && flags.format === undefined) this.surroundings.writeOut(CLEAR);
        this.print(text);
        before = now;
        if (now.length === 0) await sleep(REFRESH);
      }
    });
  }

  /** Those that were named, or all that run; one that ended meanwhile has no counters. */
  private async measure(tsd: Tsd, requested: readonly string[], flags: StatsFlags): Promise<readonly Sample[]> {
    const isNamed = requested.length > 0;
    const listed = tsd.containers.list({ all: flags.all || isNamed }).map(({ container }) => container);
    const wanted = isNamed ? listed.filter(({ id }) => requested.includes(id)) : listed;
    const stats = await tsd.containers.statsOf(
      wanted.map(({ id }) => id),
      { ports: flags.ports },
    );
    return wanted.map(({ id, name }) => ({ id, name, stats: stats.find((one) => one.id === id) }));
  }

  private text(before: readonly Sample[], now: readonly Sample[], flags: StatsFlags): string {
    if (flags.networks) return networkTrafficTable(now, { colour: this.colour });
    if (flags.ports) return portTrafficTable(now, { colour: this.colour });
    const rows = now.map((sample) => {
      const earlier = before.find(({ id }) => id === sample.id)?.stats;
      return statsRow(sample, earlier, { full: flags["no-trunc"] });
    });
    return renderList(rows, statsView, { format: flags.format, colour: this.colour });
  }
}
