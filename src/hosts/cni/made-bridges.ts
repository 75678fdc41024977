import { type HostView, TsdError } from "../../api/index.js";
import type { CniList, CniPlugin } from "./resources.js";

/** CNI's plug-in calls it so by default. */
const DEFAULT = "cni0";

/**
 * Bridges that CNI's `bridge` plug-in would make, and leave on the host for good: tsd makes them, so that they go with the network.
 * One that is there already is another's, and stays; so is one of another network of tsd's, which is refused since it would go
 * with that. With VLANs the plug-in has to make it itself, as it wants it.
 */
export function madeBridges(host: HostView, { plugins }: CniList): readonly string[] {
  const names = plugins.flatMap((plugin) => bridgeOf(plugin) ?? []);
  return [...new Set(names)].filter((name) => {
    const found = host.link(name);
    if (found?.network !== undefined) throw taken(name, found.network);
    return found === undefined;
  });
}

function bridgeOf({ type, bridge = DEFAULT, vlan, vlanTrunk }: CniPlugin): string | undefined {
  if (type !== "bridge" || typeof bridge !== "string" || vlanTrunk !== undefined) return undefined;
  return vlan === undefined || vlan === 0 ? bridge : undefined;
}

function taken(name: string, network: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_CNI_BRIDGE",
    message: `the list uses the bridge ${name}, which goes with network "${network}"`,
    hint: "Name another bridge in the list.",
    details: { bridge: name, network },
  });
}
