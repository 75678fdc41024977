import type { IpamDriver } from "../../api/index.js";
import type { Claims, Ecosystem } from "../../contracts/ecosystem.js";
import { dockerDriver } from "./docker-driver.js";
import { dockerKinds } from "./docker-resources.js";
import { findPlugin, foundPlugins, isPluginName } from "./plugin-places.js";
import { recordsBelow } from "./records-below.js";

const prefix = "docker";

/** docker's plug-ins of networks and of addresses. What tsd must remember of them is below `root`. */
export function docker(root: string, claims: Claims): Ecosystem {
  const records = recordsBelow(root);
  const all = (): readonly string[] => foundPlugins().map((name) => `${prefix}:${name}`);
  return {
    prefix,
    kinds: dockerKinds,
    provider: async () => new (await import("./docker-provider.js")).DockerProvider(records, claims),
    driver: (name) => withPlugin(name, dockerDriver),
    ipam: (name) => withPlugin(name, (plugin) => dockerIpam(plugin, records)),
    found: () => ({ drivers: all(), ipam: all() }),
  };
}

/** `docker:NAME` is that plug-in, there or not; NAME alone is one that is there. */
function withPlugin<T>(name: string, make: (plugin: string) => T): T | undefined {
  if (name.startsWith(`${prefix}:`)) {
    const plugin = name.slice(prefix.length + 1);
    return isPluginName(plugin) ? make(plugin) : undefined;
  }
  return findPlugin(name) === undefined ? undefined : make(name);
}

function dockerIpam(plugin: string, records: string): IpamDriver {
  const load = async () => new (await import("./docker-ipam.js")).DockerIpam(plugin, records);
  return {
    name: `${prefix}:${plugin}`,
    parseOptions: (raw) => raw,
    proposePool: async (proposal) => (await load()).proposePool(proposal),
    releasePool: async (network) => (await load()).releasePool(network),
    proposeAddress: async (proposal) => (await load()).proposeAddress(proposal),
    releaseAddress: async (lease) => (await load()).releaseAddress(lease),
  };
}
