import { Flags } from "@oclif/core";
import type { Explanation, Probe, ReachMatrix } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { explanationText } from "../presenters/explanation.js";
import type { Look } from "../presenters/look.js";
import { probeText } from "../presenters/probe-text.js";
import { matrixText } from "../presenters/reach-matrix.js";
import { applyRemedy } from "./apply-remedy.js";
import { optionalArgument } from "./definitions.js";
import { changeFlags, TsdCommand } from "./tsd-command.js";

export default class Explain extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description =
    "Prints the path of a packet, hop by hop, and whether it arrives; sends nothing unless --probe is given. Exits with 1 where it does not. An arrow may stand between the two, in quotes.";
  static override examples = [
    "<%= config.bin %> explain web db:5432",
    "<%= config.bin %> explain outside 192.0.2.1:8080",
    "<%= config.bin %> explain host '[::1]:8080'",
    "<%= config.bin %> explain 'web -> 1.1.1.1:53/udp'",
    "<%= config.bin %> explain --probe web db:5432",
    "<%= config.bin %> explain --apply web db:5432",
    "<%= config.bin %> explain --matrix --port 5432 --reasons",
  ];
  static override args = {
    from: optionalArgument(
      "Name or id of a container or of a network, for anybody on it; host, outside, or an address.",
    ),
    to: optionalArgument(
      "CONTAINER[:PORT[/PROTOCOL]], with host or an address in place of a container; without a port, a ping.",
    ),
  };
  static override flags = {
    apply: Flags.boolean({ description: "Do what the hint says, if it is a command of tsd's, and explain again." }),
    force: Flags.boolean({ char: "f", aliases: ["yes"], description: "Apply without being asked." }),
    probe: Flags.boolean({
      description: "Send the packet too, and print what comes back within three seconds beside the prediction.",
      exclusive: ["apply"],
    }),
    matrix: Flags.boolean({
      description: "Print which of the containers that run reach which.",
      exclusive: ["apply", "probe"],
    }),
    port: Flags.string({
      description: "With --matrix: call a port, not ping.",
      helpValue: "PORT[/PROTOCOL]",
      dependsOn: ["matrix"],
    }),
    network: Flags.string({
      description: "With --matrix: only containers on that network.",
      helpValue: "NETWORK",
      dependsOn: ["matrix"],
    }),
    reasons: Flags.boolean({
      description: "With --matrix: print why, for each that does not.",
      dependsOn: ["matrix"],
    }),
    verbose: Flags.boolean({ char: "v", description: "Print paths of namespaces too." }),
    ...changeFlags,
  };

  override async run(): Promise<Explanation | Probe | ReachMatrix> {
    this.argv = this.argv.flatMap((word) => word.split(/\s*(?:->|→)\s*/).filter((part) => part !== ""));
    const { args, flags } = await this.parse(Explain);
    const look: Look = { ...this.look, verbose: flags.verbose };
    if (flags.matrix) return this.matrix(flags, look);
    const { from, to } = bothOf(args);
    if (flags.probe) return this.probe(from, to, look);
    const isDry = this.dryRun;
    this.dryRun = false;
    const explanation = await this.withTsd((tsd) => tsd.system.explain(from, to));
    if (!flags.apply || explanation.verdict.reaches) return this.finish(explanation, look);
    if (!flags.json) this.print(explanationText(explanation, look));
    const options = { isSure: flags.force, isDry };
    const isDone = await applyRemedy(explanation.verdict, { command: this, options });
    if (!isDone) return this.exitWith(1) as never;
    return this.finish(await this.withTsd((tsd) => tsd.system.explain(from, to)), look);
  }

  private finish(explanation: Explanation, look: Look): Explanation {
    this.show(explanation, explanationText(explanation, look));
    this.exitWith(explanation.verdict.reaches ? 0 : 1);
    return explanation;
  }

  private async probe(from: string, to: string, look: Look): Promise<Probe> {
    const probe = await this.withTsd((tsd) => tsd.system.probe(from, to));
    this.show(probe, probeText(probe, look));
    const { outcome } = probe.fact ?? {};
    this.exitWith(this.dryRun || outcome === "open" || outcome === "reply" ? 0 : 1);
    return probe;
  }

  private async matrix({ port, network, reasons }: MatrixFlags, look: Look): Promise<ReachMatrix> {
    const options = { ...(port === undefined ? {} : { port }), ...(network === undefined ? {} : { network }) };
    const matrix = await this.withTsd((tsd) => tsd.system.explainMatrix(options));
    return this.show(matrix, matrixText(matrix, look, { reasons }));
  }
}

interface MatrixFlags {
  readonly port?: string | undefined;
  readonly network?: string | undefined;
  readonly reasons: boolean;
}

function bothOf({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }) {
  if (from !== undefined && to !== undefined) return { from, to };
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_EXPLAIN_PARTIES",
    message: from === undefined ? "who calls is missing, and who is called" : `who "${from}" calls is missing`,
    hint: "Write for example tsd explain web db:5432, or tsd explain --matrix for all containers.",
  });
}
