import {
  canonicalOptions,
  type DriverCapabilities,
  type Endpoint,
  type Family,
  type Network,
  type NetworkDriver,
  type RawOptions,
  type Resource,
  spokenBy,
} from "../../api/index.js";
import { refuseContradictions } from "../switched/contradiction.js";
import { parseEndpointOptions } from "../switched/endpoint-options.js";
import { endpointResources } from "../switched/endpoint-resources.js";
import { routedFamilies } from "../switched/network-parts.js";
import { bridgeOptions } from "./bridge-options.js";
import { settingsOf } from "./bridge-settings.js";
import { contradictions } from "./contradictions.js";
import { networkResources } from "./network-resources.js";

/** Containers on a switch of their own, behind the host's address. */
export class BridgeDriver implements NetworkDriver {
  readonly type = "bridge";
  readonly capabilities: DriverCapabilities = {
    needsIpam: true,
    publishes: true,
    namespace: "own",
    singleton: false,
  };

  readonly changeable = ["mtu", "icc"] as const;

  parseOptions(raw: RawOptions): RawOptions {
    return canonicalOptions(bridgeOptions, raw);
  }

  parseEndpointOptions(raw: RawOptions): RawOptions {
    return parseEndpointOptions(this.type, raw);
  }

  /** Throws `invalid-input` for options that contradict each other, or the network. */
  network(network: Network): readonly Resource[] {
    const settings = settingsOf(network);
    refuseContradictions(network, contradictions(network, settings));
    return networkResources(network, settings);
  }

  reachedDirectly(network: Network): readonly Family[] {
    return routedFamilies(network, settingsOf(network));
  }

  endpoint(network: Network, endpoint: Endpoint): readonly Resource[] {
    return endpointResources(spokenBy(endpoint, network), endpoint, settingsOf(network));
  }
}
