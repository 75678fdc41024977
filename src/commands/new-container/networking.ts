import { Flags, type Interfaces } from "@oclif/core";
import type { ContainerSpec } from "../../api/index.js";
import { readAttachments } from "../attachments.js";
import { endpointFlags, repeated } from "../definitions.js";
import { parsePairs } from "../flag-values.js";
import { optional } from "../optional.js";

/** Where a new container is on the network, and by which names. */
export const networkFlags = {
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
  sysctl: Flags.string({
    description: "Kernel parameter of the container's own, such as net.KEY or kernel.shmmax; may be repeated.",
    helpValue: "KEY=VALUE",
    ...repeated,
  }),
};

const sysctlFlag = { flag: "sysctl", example: "net.ipv4.ip_unprivileged_port_start=0" } as const;

export function networkingOf(flags: Interfaces.InferredFlags<typeof networkFlags>): Partial<ContainerSpec> {
  const networks = readAttachments(flags);
  return {
    ...optional("networks", networks.length === 0 ? undefined : networks),
    ...optional("links", flags.link),
    ...optional("publish", flags.publish),
    ...optional("publishAll", flags["publish-all"] ? true : undefined),
    ...optional("expose", flags.expose),
    ...optional("sysctls", flags.sysctl && parsePairs(flags.sysctl, sysctlFlag)),
  };
}
