import {
  addressesOf,
  canonicalOptions,
  type DriverCapabilities,
  type Endpoint,
  type Facts,
  type Family,
  type HostView,
  type Network,
  type NetworkDriver,
  type Peer,
  type RawOptions,
  type Resource,
  type Route,
  spokenBy,
} from "../../api/index.js";
import { refuseContradictions } from "../switched/contradiction.js";
import { parseEndpointOptions } from "../switched/endpoint-options.js";
import { endpointResources } from "../switched/endpoint-resources.js";
import { routedFamilies } from "../switched/network-parts.js";
import { contradictions } from "./contradictions.js";
import { networkResources } from "./network-resources.js";
import { overlayOptions } from "./overlay-options.js";
import { type OverlaySettings, settingsOf } from "./overlay-settings.js";
import { outside, single } from "./own-addresses.js";
import { peerResources } from "./peer-resources.js";
import { observeUnderlay } from "./underlay.js";

/** One network of containers on several hosts, each behind a bridge of its host. */
export class OverlayDriver implements NetworkDriver {
  readonly type = "overlay";
  readonly capabilities: DriverCapabilities = {
    needsIpam: true,
    publishes: true,
    namespace: "own",
    spansHosts: true,
    singleton: false,
  };

  parseOptions(raw: RawOptions): RawOptions {
    return canonicalOptions(overlayOptions, raw);
  }

  parseEndpointOptions(raw: RawOptions): RawOptions {
    return parseEndpointOptions(this.type, raw);
  }

  observe(host: HostView, network: Pick<Network, "options">): Facts {
    return observeUnderlay(host, network);
  }

  /** Throws `invalid-input` for options that contradict each other, the network, or the link between the hosts. */
  network(network: Network): readonly Resource[] {
    const settings = settingsOf(network);
    refuseContradictions(network, contradictions(network, settings));
    return networkResources(network, settings);
  }

  reachedDirectly(network: Network): readonly Family[] {
    return routedFamilies(network, settingsOf(network));
  }

  endpoint(network: Network, endpoint: Endpoint): readonly Resource[] {
    const settings = settingsOf(network);
    return [
      ...endpointResources(spokenBy(endpoint, network), endpoint, settings),
      ...routesOutside(endpoint, settings),
    ];
  }

  peer(network: Network, peer: Peer): readonly Resource[] {
    return peerResources(network, settingsOf(network), peer);
  }
}

/** Addresses outside of this host's blocks may be in another's, to which all others of that block are routed. */
function routesOutside(endpoint: Endpoint, { bridge: link, place }: OverlaySettings): readonly Route[] {
  const apart = outside(addressesOf(endpoint), place.blocks);
  return apart.map((address) => ({ kind: "route", destination: single(address), link }));
}
