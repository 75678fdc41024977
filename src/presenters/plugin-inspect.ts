import type { PluginDetails } from "../api/index.js";

/** What `plugin inspect` prints of one. */
export function pluginInspect({ plugin, path, users, problem }: PluginDetails): Readonly<Record<string, unknown>> {
  return {
    Name: plugin.name,
    Version: plugin.version,
    Source: plugin.source,
    ApiVersion: plugin.apiVersion,
    Drivers: plugin.drivers,
    NatBackends: plugin.natBackends,
    IpamDrivers: plugin.ipam,
    ResourceKinds: plugin.kinds,
    LinkTypes: plugin.linkTypes,
    Path: path,
    Entry: plugin.entry,
    Digest: `sha256:${plugin.digest}`,
    Added: plugin.added,
    Users: users,
    Problem: problem ?? "",
  };
}
