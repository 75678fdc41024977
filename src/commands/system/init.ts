import { Flags } from "@oclif/core";
import type { HostSettings, PoolBase } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { settingsText } from "../../presenters/settings.js";
import { repeated } from "../definitions.js";
import { parsePairs } from "../flag-values.js";
import { optional } from "../optional.js";
import { optionalSwitch } from "../optional-switch.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class SystemInit extends TsdCommand {
  static override description =
    "Keeps host-wide settings, which beat those of /etc/tsd/config.json, makes the default network by them, and prints all that are in force. Without it defaults apply on first use.";
  static override examples = [
    "<%= config.bin %> system init --bip 10.10.0.1/24 --icc=false",
    "<%= config.bin %> system init --default-address-pool base=10.80.0.0/12,size=24",
    "<%= config.bin %> system init --reset",
  ];
  static override flags = {
    bridge: Flags.string({
      description: "Bridge of the default network: one that exists, or none.",
      helpValue: "NAME",
    }),
    bip: Flags.string({ description: "Address of the default bridge.", helpValue: "CIDR" }),
    "fixed-cidr": Flags.string({ description: "Where its containers draw IPv4 addresses from.", helpValue: "CIDR" }),
    ipv6: optionalSwitch("Whether the default network has IPv6."),
    "fixed-cidr-v6": Flags.string({ description: "IPv6 subnet of the default network.", helpValue: "CIDR" }),
    icc: optionalSwitch("Whether its containers reach each other; --icc=false says no."),
    "ip-forward": optionalSwitch("Whether tsd switches forwarding on where needed; --ip-forward=false says no."),
    ip: Flags.string({ description: "Host address that its ports are published on.", helpValue: "IP" }),
    mtu: Flags.string({ description: "Bytes, or auto.", helpValue: "MTU" }),
    "default-address-pool": Flags.string({
      description: "Where free subnets come from; may be repeated.",
      helpValue: "base=CIDR,size=N",
      ...repeated,
    }),
    nat: Flags.string({ description: "Packet filter: auto, nftables, iptables or none.", helpValue: "BACKEND" }),
    reset: Flags.boolean({ description: "Forget what earlier inits kept." }),
    ...changeFlags,
  };

  override async run(): Promise<HostSettings> {
    const { flags } = await this.parse(SystemInit);
    const settings: HostSettings = {
      ...givenTexts(flags),
      ...optional("icc", flags.icc),
      ...optional("ipv6", flags.ipv6),
      ...optional("ip-forward", flags["ip-forward"]),
      ...(flags.mtu === undefined ? {} : { mtu: flags.mtu === "auto" ? flags.mtu : Number(flags.mtu) }),
      ...(flags["default-address-pool"] === undefined
        ? {}
        : { "default-address-pools": flags["default-address-pool"].map(parsePool) }),
    };
    const inForce = await this.withTsd((tsd) => tsd.system.init(settings, { reset: flags.reset }));
    return this.show(inForce, settingsText(inForce));
  }
}

/** Settings whose values are taken as they are. */
const texts = ["bridge", "bip", "fixed-cidr", "fixed-cidr-v6", "ip", "nat"] as const;

function givenTexts(flags: Readonly<Partial<Record<(typeof texts)[number], string | undefined>>>): HostSettings {
  return Object.fromEntries(texts.flatMap((key) => (flags[key] === undefined ? [] : [[key, flags[key]]])));
}

function parsePool(text: string): PoolBase {
  const from = { flag: "default-address-pool", example: "base=10.80.0.0/12,size=24" } as const;
  const { base, size, ...rest } = parsePairs(text.split(","), from);
  if (base !== undefined && size !== undefined && Object.keys(rest).length === 0) return { base, size: Number(size) };
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_FLAG_INVALID",
    message: `--default-address-pool "${text}" does not give exactly base and size`,
    hint: `Write for example ${from.example}.`,
    details: { value: text },
  });
}
