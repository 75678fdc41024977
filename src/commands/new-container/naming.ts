import { Flags, type Interfaces } from "@oclif/core";
import type { ContainerSpec } from "../../api/index.js";
import { repeated } from "../definitions.js";
import { optional } from "../optional.js";

/** How a new container knows names, and is known. */
export const nameFlags = {
  hostname: Flags.string({ char: "h", description: "Host name inside." }),
  domainname: Flags.string({ description: "Domain name inside.", helpValue: "DOMAIN" }),
  dns: Flags.string({
    description: "Name server for names that are no container's; may be repeated.",
    helpValue: "IP",
    ...repeated,
  }),
  "dns-search": Flags.string({
    description: "Domain to look names up in; may be repeated.",
    helpValue: "DOMAIN",
    ...repeated,
  }),
  "dns-option": Flags.string({
    aliases: ["dns-opt"],
    description: "Option of resolv.conf(5); may be repeated.",
    helpValue: "OPTION",
    ...repeated,
  }),
  "add-host": Flags.string({
    description: "Line for /etc/hosts; host-gateway stands for this machine. May be repeated.",
    helpValue: "NAME:IP|NAME:host-gateway",
    ...repeated,
  }),
};

export function namingOf(flags: Interfaces.InferredFlags<typeof nameFlags>): Partial<ContainerSpec> {
  return {
    ...optional("hostname", flags.hostname),
    ...optional("domainname", flags.domainname),
    ...optional("dns", flags.dns),
    ...optional("dnsSearch", flags["dns-search"]),
    ...optional("dnsOptions", flags["dns-option"]),
    ...optional("addHosts", flags["add-host"]?.map(separateByColon)),
  };
}

/** docker has `NAME=IP` beside `NAME:IP`, and lets an IPv6 address stand in brackets. */
function separateByColon(host: string): string {
  const [, name, address = ""] = /^([^:=]*)[:=](.*)$/.exec(host) ?? [];
  return name === undefined ? host : `${name}:${address.replace(/^\[(.*)\]$/, "$1")}`;
}
