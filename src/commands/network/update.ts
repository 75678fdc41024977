import { Flags } from "@oclif/core";
import type { Network, NetworkChange } from "../../api/index.js";
import { argument, repeated, repeatedOrListed } from "../definitions.js";
import { parseLabels, parsePairs } from "../flag-values.js";
import { optional } from "../optional.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class NetworkUpdate extends TsdCommand {
  static override description =
    "Changes a network while containers are on it. Its labels and name servers can change, and of a bridge mtu and icc. What fails is undone.";
  static override examples = [
    "<%= config.bin %> network update --opt mtu=1400 web",
    "<%= config.bin %> network update --opt icc=false --label tier=front web",
    "<%= config.bin %> network update --dns 192.0.2.53 web",
    "<%= config.bin %> network update --opt mtu= --label-rm tier --dns '' web",
  ];
  static override args = { network: argument("Name or id of a network.") };
  static override flags = {
    label: Flags.string({
      description: "Add or change a label; may be repeated.",
      helpValue: "KEY=VALUE",
      ...repeated,
    }),
    "label-rm": Flags.string({ description: "Remove a label; may be repeated.", helpValue: "KEY", ...repeated }),
    dns: Flags.string({
      description: "Name server, in place of all that it has; '' for none. May be repeated.",
      helpValue: "IP",
      ...repeatedOrListed,
    }),
    "dns-add": Flags.string({ description: "One more name server.", helpValue: "IP", ...repeatedOrListed }),
    "dns-drop": Flags.string({ description: "One name server less.", helpValue: "IP", ...repeatedOrListed }),
    opt: Flags.string({
      char: "o",
      description: "Option of the driver; without a value its default. May be repeated.",
      helpValue: "KEY=[VALUE]",
      ...repeated,
    }),
    ...changeFlags,
  };

  override async run(): Promise<Network> {
    const { args, flags } = await this.parse(NetworkUpdate);
    const added = flags["dns-add"] ?? [];
    const dropped = flags["dns-drop"] ?? [];
    const isNamed = flags.dns !== undefined || added.length + dropped.length > 0;
    const change: NetworkChange = {
      ...optional("labels", flags.label && parseLabels(flags.label)),
      ...optional("withoutLabels", flags["label-rm"]),
      ...optional("options", flags.opt && parsePairs(flags.opt, { flag: "opt", example: "mtu=1400" })),
    };
    const network = await this.withTsd((tsd) => {
      const former = (): readonly string[] => flags.dns ?? tsd.networks.inspect(args.network).network.dns ?? [];
      const servers = (): readonly string[] => [
        ...former().filter((server) => server !== "" && !dropped.includes(server)),
        ...added,
      ];
      return tsd.networks.update(args.network, isNamed ? { ...change, dns: servers() } : change);
    });
    return this.show(network, `${network.name}\n`);
  }
}
