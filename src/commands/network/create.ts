import { Flags } from "@oclif/core";
import type { Network } from "../../api/index.js";
import { argument, repeated } from "../definitions.js";
import { parseLabels, parseOptions } from "../flag-values.js";
import { jsonFlag, TsdCommand } from "../tsd-command.js";

export default class NetworkCreate extends TsdCommand {
  static override description =
    "Prints the new network's id. Without --subnet, a free range is taken that overlaps no route, nameserver or network of this machine.";
  static override examples = [
    "<%= config.bin %> network create web",
    "<%= config.bin %> network create --driver bridge --subnet 10.10.10.0/24 --gateway 10.10.10.1 web",
    "<%= config.bin %> network create --subnet 10.10.10.1/24 -o mtu=1400 --label tier=front web",
  ];
  static override args = { name: argument("Letters, digits, '_', '.' and '-'.") };
  static override flags = {
    driver: Flags.string({ char: "d", description: "Kind of network.", default: "bridge" }),
    subnet: Flags.string({ description: "Addresses of the network; host bits name the gateway.", helpValue: "CIDR" }),
    gateway: Flags.string({ description: "Address of the host in the network.", helpValue: "IP" }),
    "ip-range": Flags.string({ description: "Part of the subnet that containers draw from.", helpValue: "CIDR" }),
    label: Flags.string({ description: "Label; may be repeated.", helpValue: "KEY=VALUE", ...repeated }),
    opt: Flags.string({
      char: "o",
      description: "Option of the driver; may be repeated.",
      helpValue: "KEY=VALUE",
      ...repeated,
    }),
    "allow-overlap": Flags.boolean({ description: "Accept a subnet that overlaps a route of the host." }),
    ...jsonFlag,
  };

  override async run(): Promise<Network> {
    const { args, flags } = await this.parse(NetworkCreate);
    const { driver, subnet, gateway, "ip-range": range } = flags;
    const spec = {
      name: args.name,
      driver,
      ...(subnet === undefined ? {} : { subnet }),
      ...(gateway === undefined ? {} : { gateway }),
      ...(range === undefined ? {} : { range }),
      labels: parseLabels(flags.label),
      options: parseOptions(flags.opt),
      allowOverlap: flags["allow-overlap"],
    };
    const network = await this.withTsd((tsd) => tsd.networks.create(spec));
    return this.show(network, `${network.id}\n`);
  }
}
