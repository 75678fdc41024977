import { Flags } from "@oclif/core";
import type { Endpoint, NetworkAttachment } from "../../api/index.js";
import { argument, repeated } from "../definitions.js";
import { parsePriority, readDriverOptions } from "../network-flag.js";
import { jsonFlag, TsdCommand } from "../tsd-command.js";

export default class NetworkConnect extends TsdCommand {
  static override description =
    "A container that does not run is connected at its next start. For a namespace of somebody else's the addresses are printed.";
  static override examples = [
    "<%= config.bin %> network connect web www",
    "<%= config.bin %> network connect --ip 10.10.10.9 --alias db --gw-priority 10 web www",
    "<%= config.bin %> network connect web netns:lab",
    "<%= config.bin %> network connect web pid:4711",
  ];
  static override args = {
    network: argument("Name or id of a network."),
    container: argument("Name or id of a container; or netns:PATH, netns:NAME, pid:NUMBER."),
  };
  static override flags = {
    ip: Flags.string({ description: "IPv4 address.", helpValue: "IP" }),
    ip6: Flags.string({ description: "IPv6 address.", helpValue: "IP" }),
    "mac-address": Flags.string({ description: "MAC address.", helpValue: "MAC" }),
    alias: Flags.string({
      description: "Another name on the network; may be repeated.",
      helpValue: "NAME",
      ...repeated,
    }),
    "driver-opt": Flags.string({
      description: "Option of the driver, ifname=lan0; may be repeated.",
      helpValue: "KEY=VALUE",
      ...repeated,
    }),
    "gw-priority": Flags.string({ description: "The default route goes where this is highest.", helpValue: "NUMBER" }),
    ...jsonFlag,
  };

  override async run(): Promise<Endpoint | undefined> {
    const { args, flags } = await this.parse(NetworkConnect);
    const attachment: NetworkAttachment = {
      network: args.network,
      ...(flags.ip === undefined ? {} : { address: flags.ip }),
      ...(flags.ip6 === undefined ? {} : { address6: flags.ip6 }),
      ...(flags["mac-address"] === undefined ? {} : { mac: flags["mac-address"] }),
      ...(flags.alias === undefined ? {} : { aliases: flags.alias }),
      ...(flags["gw-priority"] === undefined ? {} : { gatewayPriority: parsePriority(flags["gw-priority"]) }),
      ...readDriverOptions(flags["driver-opt"]),
    };
    const endpoint = await this.withTsd((tsd) => tsd.networks.connect(args.container, attachment));
    const isForeign = /^(netns|pid):/.test(args.container);
    return this.show(endpoint, isForeign ? `${endpoint?.addresses.join("\n")}\n` : "");
  }
}
