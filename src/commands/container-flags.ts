import { Flags } from "@oclif/core";
import { processFlags, repeated } from "./definitions.js";

/** Flags of `run` and `create`: how a container is made. */
export const containerFlags = {
  ...processFlags,
  rm: Flags.boolean({ description: "Remove the container when it ends." }),
  name: Flags.string({ description: "Name of the container." }),
  network: Flags.string({
    aliases: ["net"],
    description:
      "Network, or host, none, container:NAME, ns:PATH; may be repeated. The long form is name=NET,alias=…,ip=…,gw-priority=….",
    helpValue: "NETWORK",
    ...repeated,
  }),
  ip: Flags.string({ description: "IPv4 address on the first network.", helpValue: "IP" }),
  ip6: Flags.string({ description: "IPv6 address on the first network.", helpValue: "IP" }),
  "mac-address": Flags.string({ description: "MAC address on the first network.", helpValue: "MAC" }),
  "network-alias": Flags.string({
    aliases: ["net-alias"],
    description: "Another name on the first network; may be repeated.",
    helpValue: "NAME",
    ...repeated,
  }),
  link: Flags.string({
    description: "Name another container, and reach the ports it exposes; may be repeated.",
    helpValue: "CONTAINER[:ALIAS]",
    ...repeated,
  }),
  publish: Flags.string({
    char: "p",
    description: "Publish a port or a range; may be repeated.",
    helpValue: "[[IP:]HOST:]CONTAINER[/udp]",
    ...repeated,
  }),
  "publish-all": Flags.boolean({ char: "P", description: "Publish every exposed port on a free one." }),
  expose: Flags.string({
    description: "Port that the container serves; may be repeated.",
    helpValue: "PORT[/udp]",
    ...repeated,
  }),
  dns: Flags.string({ description: "Resolver to ask; may be repeated.", helpValue: "IP", ...repeated }),
  "dns-search": Flags.string({ description: "Domain to search; may be repeated.", helpValue: "DOMAIN", ...repeated }),
  "dns-option": Flags.string({
    aliases: ["dns-opt"],
    description: "Option of resolv.conf; may be repeated.",
    helpValue: "OPTION",
    ...repeated,
  }),
  "add-host": Flags.string({
    description: "Line for /etc/hosts; host-gateway is the host; may be repeated.",
    helpValue: "NAME:IP",
    ...repeated,
  }),
  sysctl: Flags.string({
    description: "Kernel parameter below net.; may be repeated.",
    helpValue: "KEY=VALUE",
    ...repeated,
  }),
  hostname: Flags.string({ char: "h", description: "Host name inside." }),
  domainname: Flags.string({ description: "Domain name inside." }),
  "env-file": Flags.string({
    description: "Read variables from a file; may be repeated.",
    helpValue: "FILE",
    ...repeated,
  }),
  volume: Flags.string({
    char: "v",
    description: "Show a path of the host in the container; may be repeated.",
    helpValue: "HOST:CONTAINER[:ro]",
    ...repeated,
  }),
  memory: Flags.string({ char: "m", description: "Limit of memory, 512m or 1g.", helpValue: "SIZE" }),
  cpus: Flags.string({ description: "Limit of processor time, 0.5 or 2.", helpValue: "NUMBER" }),
  "cpuset-cpus": Flags.string({ description: "Processors to run on, 0-2,4.", helpValue: "LIST" }),
  label: Flags.string({ char: "l", description: "Label; may be repeated.", helpValue: "KEY=VALUE", ...repeated }),
  entrypoint: Flags.string({ description: "Program to run in place of the image's.", helpValue: "PROGRAM" }),
  rootfs: Flags.string({ description: "Use a directory as root file system, in place of an image.", helpValue: "DIR" }),
};
