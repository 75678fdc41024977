import { forwardingSysctls, type Network, type Resource, type Sysctl } from "../../api/index.js";
import {
  answersForNeighbours,
  isolate,
  localnet,
  masquerades,
  ownBridge,
  passages,
} from "../switched/network-parts.js";
import type { SwitchSettings } from "../switched/switch-settings.js";

/** What a network needs, in the order in which it can be made. */
export function networkResources(network: Network, settings: SwitchSettings): readonly Resource[] {
  return [
    ...(settings.adopted ? [] : ownBridge(network, settings)),
    ...localnet(network, settings),
    ...answersForNeighbours(network, settings, settings.isolatePorts ? ["proxy_arp_pvlan"] : []),
    ...forwarding(network, settings),
    isolate(network, settings),
    ...masquerades(network, settings),
    ...passages(network, settings),
  ];
}

/** An internal network forwards nothing, except between neighbours that are kept apart and linked. */
function forwarding(network: Network, { bridge, isolatePorts }: SwitchSettings): readonly Sysctl[] {
  if (!network.internal) return forwardingSysctls(network, { link: bridge });
  return isolatePorts ? forwardingSysctls(network, { link: bridge, uplinks: [] }) : [];
}
