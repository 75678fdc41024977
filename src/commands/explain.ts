import type { Explanation } from "../api/index.js";
import { explanationText } from "../presenters/explanation.js";
import { argument } from "./definitions.js";
import { jsonFlag, TsdCommand } from "./tsd-command.js";

export default class Explain extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description =
    "Prints the path of a packet, hop by hop, and whether it arrives; sends nothing. Exits with 1 where it does not. An arrow may stand between the two, in quotes.";
  static override examples = [
    "<%= config.bin %> explain web db:5432",
    "<%= config.bin %> explain outside 192.0.2.1:8080",
    "<%= config.bin %> explain host '[::1]:8080'",
    "<%= config.bin %> explain 'web -> 1.1.1.1:53/udp'",
  ];
  static override args = {
    from: argument("Name or id of a container or of a network, for anybody on it; host, outside, or an address."),
    to: argument(
      "CONTAINER[:PORT[/PROTOCOL]], with host or an address in place of a container; without a port, a ping.",
    ),
  };
  static override flags = jsonFlag;

  override async run(): Promise<Explanation> {
    this.argv = this.argv.flatMap((word) => word.split(/\s*(?:->|→)\s*/).filter((part) => part !== ""));
    const { args } = await this.parse(Explain);
    const explanation = await this.withTsd((tsd) => tsd.system.explain(args.from, args.to));
    this.show(explanation, explanationText(explanation));
    this.exitWith(explanation.verdict.reaches ? 0 : 1);
    return explanation;
  }
}
