import {
  booleanOption,
  canonicalOptions,
  commonEndpointOptions,
  hostIfnameOption,
  ifacePrefixOption,
  mtuOption,
  type NetworkDriver,
  type OptionTable,
} from "../../api/index.js";
import { containerResources } from "./container-resources.js";
import { hostForwarding } from "./forwarding.js";
import { hostResources } from "./host-resources.js";
import { intents } from "./intents.js";

const networkOptions: OptionTable = {
  of: "the ptp driver",
  flag: "-o",
  options: [
    { names: ["masquerade", "ip_masq"], ...booleanOption },
    { names: ["icc"], ...booleanOption },
    mtuOption,
    ifacePrefixOption,
  ],
};

const endpointOptions: OptionTable = {
  of: "the ptp driver",
  flag: "--driver-opt",
  options: [...commonEndpointOptions, hostIfnameOption],
};

/** A cable from the host to each container, without a switch: the host routes single addresses. */
export const ptpDriver: NetworkDriver = {
  type: "ptp",
  capabilities: { needsIpam: true, publishes: true, namespace: "own", singleton: false },
  parseOptions: (raw) => canonicalOptions(networkOptions, raw),
  parseEndpointOptions: (raw) => canonicalOptions(endpointOptions, raw),
  network: hostForwarding,
  endpoint: (network, endpoint) => [
    ...hostResources(network, endpoint),
    ...containerResources(network, endpoint),
    ...intents(network, endpoint),
  ],
};
