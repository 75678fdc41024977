import { Flags } from "@oclif/core";
import type { Network, NetworkSpec } from "../../api/index.js";
import { argument, repeated } from "../definitions.js";
import { parseBoolean, parseLabels, parsePairs } from "../flag-values.js";
import { jsonFlag, TsdCommand } from "../tsd-command.js";

const auxiliaryFlag = { flag: "aux-address", example: "router=10.10.10.5" } as const;
const optionFlag = { flag: "opt", example: "mtu=1400" } as const;

export default class NetworkCreate extends TsdCommand {
  static override description =
    "Prints the new network's id. Without --subnet, a free range is taken that overlaps no route, nameserver or network of this machine.";
  static override examples = [
    "<%= config.bin %> network create web",
    "<%= config.bin %> network create --driver bridge --subnet 10.10.10.0/24 --gateway 10.10.10.1 web",
    "<%= config.bin %> network create --subnet 10.10.10.1/24 -o mtu=1400 --label tier=front web",
    "<%= config.bin %> network create --subnet 10.10.10.0/24 --subnet fd00:10::/64 -o icc=false web",
    "<%= config.bin %> network create --internal back",
  ];
  static override args = { name: argument("Letters, digits, '_', '.' and '-'.") };
  static override flags = {
    driver: Flags.string({ char: "d", description: "Kind of network.", default: "bridge" }),
    subnet: Flags.string({
      description: "Addresses of the network, one of IPv4, one of IPv6; host bits name the gateway.",
      helpValue: "CIDR",
      ...repeated,
    }),
    gateway: Flags.string({ description: "Address of the host in the network.", helpValue: "IP", ...repeated }),
    "ip-range": Flags.string({
      description: "Part of the subnet that containers draw from.",
      helpValue: "CIDR",
      ...repeated,
    }),
    "aux-address": Flags.string({
      description: "Address that no container gets, and its name; may be repeated.",
      helpValue: "NAME=IP",
      ...repeated,
    }),
    ipv6: Flags.boolean({ description: "Give it IPv6 addresses too." }),
    ipv4: Flags.string({ description: "Give it IPv4 addresses; true unless said otherwise.", helpValue: "BOOL" }),
    internal: Flags.boolean({ description: "Let nothing pass between the network and the outside." }),
    label: Flags.string({ description: "Label; may be repeated.", helpValue: "KEY=VALUE", ...repeated }),
    opt: Flags.string({
      char: "o",
      description: "Option of the driver; may be repeated.",
      helpValue: "KEY=VALUE",
      ...repeated,
    }),
    "allow-overlap": Flags.boolean({ description: "Accept a subnet that overlaps a route of the host." }),
    // docker's, for networks of a swarm: all of tsd's are local, and anything can attach.
    attachable: Flags.boolean({ hidden: true, description: "Taken and ignored." }),
    scope: Flags.string({ hidden: true, options: ["local"], description: "Taken and ignored." }),
    ...jsonFlag,
  };

  override async run(): Promise<Network> {
    const { args, flags } = await this.parse(NetworkCreate);
    const spec: NetworkSpec = {
      name: args.name,
      driver: flags.driver,
      ...(flags.subnet === undefined ? {} : { subnets: flags.subnet }),
      ...(flags.gateway === undefined ? {} : { gateways: flags.gateway }),
      ...(flags["ip-range"] === undefined ? {} : { ranges: flags["ip-range"] }),
      ...(flags["aux-address"] === undefined ? {} : { auxiliary: parsePairs(flags["aux-address"], auxiliaryFlag) }),
      ...(flags.ipv4 === undefined ? {} : { ipv4: parseBoolean("ipv4", flags.ipv4) }),
      ...(flags.ipv6 ? { ipv6: true } : {}),
      ...(flags.internal ? { internal: true } : {}),
      labels: parseLabels(flags.label),
      options: parsePairs(flags.opt, optionFlag),
      allowOverlap: flags["allow-overlap"],
    };
    const network = await this.withTsd((tsd) => tsd.networks.create(spec));
    return this.show(network, `${network.id}\n`);
  }
}
