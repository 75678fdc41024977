import {
  type DriverCapabilities,
  type Endpoint,
  type Family,
  familyOf,
  type Network,
  type NetworkDriver,
  type RawOptions,
  type Resource,
} from "../../api/index.js";
import { bridgeOptions } from "./bridge-options.js";
import { settingsOf } from "./bridge-settings.js";
import { refuseContradictions } from "./contradictions.js";
import { endpointOptions } from "./endpoint-options.js";
import { endpointResources } from "./endpoint-resources.js";
import { hasFamily } from "./family.js";
import { networkResources } from "./network-resources.js";
import { canonicalOptions } from "./option-table.js";

/** Containers on a switch of their own, behind the host's address. */
export class BridgeDriver implements NetworkDriver {
  readonly type = "bridge";
  readonly capabilities: DriverCapabilities = {
    needsIpam: true,
    publishes: true,
    namespace: "own",
    singleton: false,
  };

  parseOptions(raw: RawOptions): RawOptions {
    return canonicalOptions(bridgeOptions, raw);
  }

  parseEndpointOptions(raw: RawOptions): RawOptions {
    return canonicalOptions(endpointOptions, raw);
  }

  /** Throws `invalid-input` for options that contradict each other, or the network. */
  network(network: Network): readonly Resource[] {
    const settings = settingsOf(network);
    refuseContradictions(network, settings);
    return networkResources(network, settings);
  }

  reachedDirectly(network: Network): readonly Family[] {
    const { mode } = settingsOf(network);
    return ([4, 6] as const).filter((family) => mode[family] === "routed" && hasFamily(network, family));
  }

  endpoint(network: Network, endpoint: Endpoint): readonly Resource[] {
    return endpointResources(spokenBy(endpoint, network), endpoint, settingsOf(network));
  }
}

/** The network as far as the endpoint speaks its families: one may have IPv6 switched off. */
function spokenBy({ addresses }: Endpoint, network: Network): Network {
  const families = new Set(addresses.map(familyOf));
  return { ...network, subnets: network.subnets.filter(({ cidr }) => families.has(familyOf(cidr))) };
}
