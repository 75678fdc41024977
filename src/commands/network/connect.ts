import { Flags } from "@oclif/core";
import type { Endpoint } from "../../api/index.js";
import { readEndpointFlags } from "../attachments.js";
import { argument, endpointFlags, repeated, severalArguments } from "../definitions.js";
import { parsePairs } from "../flag-values.js";
import { optional } from "../optional.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class NetworkConnect extends TsdCommand {
  static override description =
    "Puts containers, running or not, or any network namespaces on a network: all of them, or none where one cannot be. Prints the addresses that a namespace got.";
  static override examples = [
    "<%= config.bin %> network connect web www",
    "<%= config.bin %> network connect web www db cache",
    "<%= config.bin %> network connect --ip 10.10.10.9 --alias db --gw-priority 10 web www",
    "<%= config.bin %> network connect --link db:store web www",
    "<%= config.bin %> network connect web netns:lab",
    "<%= config.bin %> network connect web pid:4711",
  ];
  static override args = {
    network: argument("Name or id of a network."),
    container: severalArguments(
      "Name or id of a container; or netns:NAME or netns:PATH, as ip-netns(8) has them, or pid:NUMBER; may be several.",
    ),
  };
  static override flags = {
    ...endpointFlags,
    alias: Flags.string({
      description: "Another name on that network; may be repeated.",
      helpValue: "NAME",
      ...repeated,
    }),
    link: Flags.string({
      description:
        "Another container, and a name for it on that network; where neighbours may not talk, its exposed ports open. May be repeated.",
      helpValue: "CONTAINER[:ALIAS]",
      ...repeated,
    }),
    "driver-opt": Flags.string({
      description: "Option of the driver, ifname=lan0; may be repeated.",
      helpValue: "KEY=VALUE",
      ...repeated,
    }),
    ...changeFlags,
  };

  override async run(): Promise<Endpoint | undefined | readonly (Endpoint | undefined)[]> {
    const { args, flags } = await this.parse(NetworkConnect);
    const options =
      flags["driver-opt"] && parsePairs(flags["driver-opt"], { flag: "driver-opt", example: "ifname=lan0" });
    const attachment = {
      network: args.network,
      ...readEndpointFlags(flags),
      ...optional("aliases", flags.alias),
      ...optional("links", flags.link),
      ...optional("options", options),
    };
    const { container: targets } = args;
    const endpoints = await this.withTsd(({ networks }) => networks.connectMany(targets, attachment));
    const addresses = targets.flatMap((target, at) =>
      /^(?:netns|pid):/.test(target) ? (endpoints[at]?.addresses ?? []) : [],
    );
    const [result, ...others] = endpoints.map((endpoint) => endpoint ?? {});
    this.show(others.length === 0 ? result : [result, ...others], addresses.map((address) => `${address}\n`).join(""));
    return endpoints.length === 1 ? endpoints[0] : endpoints;
  }
}
