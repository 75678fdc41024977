import { Flags } from "@oclif/core";
import type { Network, NetworkSpec } from "../../api/index.js";
import { argument, repeated, repeatedOrListed } from "../definitions.js";
import { parseAuxiliary, parseLabels, parsePairs } from "../flag-values.js";
import { optional } from "../optional.js";
import { optionalSwitch } from "../optional-switch.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class NetworkCreate extends TsdCommand {
  static override description =
    "Prints the new network's id. Without --subnet, a free range is taken that overlaps no route, nameserver or network of this machine.";
  static override examples = [
    "<%= config.bin %> network create web",
    "<%= config.bin %> network create --driver bridge --subnet 10.10.10.0/24 --gateway 10.10.10.1 web",
    "<%= config.bin %> network create --subnet 10.10.10.1/24 -o mtu=1400 --label tier=front web",
    "<%= config.bin %> network create --ipv6 --subnet 10.10.10.0/24 --subnet fd00:10::/64 web",
    "<%= config.bin %> network create --ipam-driver acme --ipam-opt url=http://ipam.example.com web",
    "<%= config.bin %> network create --driver cni -o conflist=/etc/cni/net.d/pods.conflist pods",
    "<%= config.bin %> network create --dns 192.0.2.53 web",
    "<%= config.bin %> network create --internal --aux-address printer=10.10.10.9 --subnet 10.10.10.0/24 office",
  ];
  static override args = { name: argument("Letters, digits, '_', '.' and '-'.") };
  static override flags = {
    driver: Flags.string({
      char: "d",
      description: "Kind of network; a plug-in of another engine by cni:TYPE, docker:NAME or netavark:NAME.",
      default: "bridge",
    }),
    subnet: Flags.string({
      description: "Addresses of the network, one subnet of each family; host bits name the gateway. May be repeated.",
      helpValue: "CIDR",
      ...repeatedOrListed,
    }),
    gateway: Flags.string({
      description: "Address of the host in a subnet; may be repeated.",
      helpValue: "IP",
      ...repeatedOrListed,
    }),
    "ip-range": Flags.string({
      description: "Part of a subnet that containers draw from; may be repeated.",
      helpValue: "CIDR",
      ...repeatedOrListed,
    }),
    "aux-address": Flags.string({
      description: "Address that no container gets, under a name; may be repeated.",
      helpValue: "NAME=IP",
      ...repeated,
    }),
    ipv4: optionalSwitch("Use IPv4, as is done unless it is switched off with --ipv4=false."),
    ipv6: optionalSwitch("Use IPv6; a subnet of IPv6 asks for it too."),
    internal: Flags.boolean({
      description: "Let containers reach each other and the host alone, and nobody but the host reach them.",
    }),
    dns: Flags.string({
      description:
        "Name server for the other names that containers ask for, in place of this machine's; may be repeated.",
      helpValue: "IP",
      ...repeatedOrListed,
    }),
    "disable-dns": Flags.boolean({ description: "Give containers no resolver; /etc/hosts has the names." }),
    label: Flags.string({ description: "Label; may be repeated.", helpValue: "KEY=VALUE", ...repeated }),
    opt: Flags.string({
      char: "o",
      description: "Option of the driver; may be repeated.",
      helpValue: "KEY=VALUE",
      ...repeated,
    }),
    attachable: Flags.boolean({ description: "Accepted as docker has it; every network is attachable.", hidden: true }),
    scope: Flags.string({
      description: "Accepted as docker has it; every network is local.",
      options: ["local"],
      hidden: true,
    }),
    "ipam-driver": Flags.string({
      description:
        "Where subnets and addresses come from: tsd's own table (default), an added plug-in, cni:TYPE or docker:NAME.",
      helpValue: "NAME",
    }),
    "ipam-opt": Flags.string({
      description: "Option of the IPAM driver; may be repeated.",
      helpValue: "KEY=VALUE",
      ...repeated,
    }),
    "allow-overlap": Flags.boolean({ description: "Accept a subnet that overlaps a route of the host." }),
    ...changeFlags,
  };

  override async run(): Promise<Network> {
    const { args, flags } = await this.parse(NetworkCreate);
    const spec = {
      name: args.name,
      driver: flags.driver,
      ...optional("subnets", flags.subnet),
      ...optional("gateways", flags.gateway),
      ...optional("ranges", flags["ip-range"]),
      ...optional("auxiliary", flags["aux-address"] && parseAuxiliary(flags["aux-address"])),
      ...optional("ipv4", flags.ipv4),
      ...optional("ipv6", flags.ipv6),
      ...(flags.internal ? { internal: true } : {}),
      ...optional("dns", flags.dns),
      ...(flags["disable-dns"] ? { disableDns: true } : {}),
      labels: parseLabels(flags.label),
      options: parsePairs(flags.opt ?? [], { flag: "opt", example: "mtu=1400" }),
      ...optional("ipam", ipamOf(flags["ipam-driver"], flags["ipam-opt"])),
      allowOverlap: flags["allow-overlap"],
    };
    const network = await this.withTsd((tsd) => tsd.networks.create(spec));
    return this.show(network, `${network.id}\n`);
  }
}

function ipamOf(driver: string | undefined, pairs: readonly string[] | undefined): NetworkSpec["ipam"] {
  if (driver === undefined && pairs === undefined) return undefined;
  const options = parsePairs(pairs ?? [], { flag: "ipam-opt", example: "url=http://10.0.0.2" });
  return { driver: driver ?? "default", options };
}
