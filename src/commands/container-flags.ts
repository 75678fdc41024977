import { Flags, type Interfaces } from "@oclif/core";
import { endpointFlags, processFlags, repeated } from "./definitions.js";

/** Where a new container is on the network, and by which names. */
const networkFlags = {
  network: Flags.string({
    aliases: ["net"],
    description:
      "Network to be on, with options such as ip=, alias= and gw-priority= behind its name; or host, none, container:NAME, ns:PATH. May be repeated.",
    helpValue: "NETWORK|name=NETWORK,KEY=VALUE...",
    ...repeated,
  }),
  ...endpointFlags,
  "network-alias": Flags.string({
    aliases: ["net-alias"],
    description: "Another name on the first network; may be repeated.",
    helpValue: "NAME",
    ...repeated,
  }),
  link: Flags.string({
    description: "Know another container by a name, and reach the ports it exposes; may be repeated.",
    helpValue: "CONTAINER[:ALIAS]",
    ...repeated,
  }),
  publish: Flags.string({
    char: "p",
    description: "Publish a port or a range; may be repeated.",
    helpValue: "[[IP:]HOST:]CONTAINER[/udp]",
    ...repeated,
  }),
  "publish-all": Flags.boolean({ char: "P", description: "Publish each exposed port on a free one of the host." }),
  expose: Flags.string({
    description: "Port or range that the container serves; may be repeated.",
    helpValue: "PORT[-END][/udp]",
    ...repeated,
  }),
};

/** How a new container knows names, and is known. */
const nameFlags = {
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

/** Flags of `create` and `run`: everything that a new container can be asked for. */
export const containerFlags = {
  ...processFlags,
  rm: Flags.boolean({ description: "Remove the container when it ends." }),
  name: Flags.string({ description: "Name of the container." }),
  ...networkFlags,
  ...nameFlags,
  sysctl: Flags.string({
    description: "Kernel parameter of the container's network; may be repeated.",
    helpValue: "net.KEY=VALUE",
    ...repeated,
  }),
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
  rootfs: Flags.string({
    description: "Use a directory as root file system, in place of an image.",
    helpValue: "DIR",
  }),
};

/** Those flags as oclif returns them. */
export type ContainerFlags = Interfaces.InferredFlags<typeof containerFlags>;
