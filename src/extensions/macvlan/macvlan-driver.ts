import {
  canonicalOptions,
  commonEndpointOptions,
  ifacePrefixOption,
  mtuOption,
  type Network,
  type NetworkDriver,
  type OptionTable,
  wordOption,
} from "../../api/index.js";
import { defaultRoutes, interfaceResources } from "../lan/lan-endpoint.js";
import { observeParent } from "../lan/observe-parent.js";
import type { ParentFacts } from "../lan/parent-facts.js";
import { parentOption } from "../lan/parent-option.js";
import { parentResources } from "../lan/parent-resources.js";
import { type MacvlanMode, macvlanModes } from "./macvlan-link.js";

const networkOptions: OptionTable = {
  of: "the macvlan driver",
  flag: "-o",
  options: [
    parentOption,
    { names: ["macvlan_mode", "mode"], ...wordOption(...macvlanModes) },
    mtuOption,
    ifacePrefixOption,
  ],
};

const endpointOptions: OptionTable = { ...networkOptions, flag: "--driver-opt", options: commonEndpointOptions };

/** Containers are on the LAN of a link of the host, each with a MAC address of its own. */
export const macvlanDriver: NetworkDriver = {
  type: "macvlan",
  capabilities: { needsIpam: true, publishes: false, namespace: "own", singleton: false, joinsLan: true },
  parseOptions: (raw) => canonicalOptions(networkOptions, raw),
  parseEndpointOptions: (raw) => canonicalOptions(endpointOptions, raw),
  observe(host, network) {
    const { parent } = network.options;
    return observeParent(host, network, { driver: "macvlan", parent, exclusive: modeOf(network) === "passthru" });
  },
  network: (network) => parentResources(network, { routed: false }),
  sharedMac: (network) => (modeOf(network) === "passthru" ? parentMac(network) : undefined),
  endpoint(network, endpoint) {
    const { netns, interface: name, mac } = endpoint;
    const { options } = network;
    const { parent, makes } = network.facts as ParentFacts;
    const mode = modeOf(network);
    return [
      {
        ...{ kind: "link", type: "macvlan", netns, name, parent, mode },
        // In passthru mode the kernel gives it the parent's, whatever is asked for.
        ...(mode === "passthru" ? {} : { mac }),
        ...(options.mtu === undefined ? {} : { mtu: Number(options.mtu) }),
      },
      ...interfaceResources(network, endpoint),
      ...(makes === "dummy" ? [] : defaultRoutes(network, endpoint)),
    ];
  },
};

function modeOf({ options }: Pick<Network, "options">): MacvlanMode {
  return (options.macvlan_mode ?? "bridge") as MacvlanMode;
}

function parentMac({ facts, mac }: Network): string {
  return (facts as ParentFacts).mac ?? mac;
}
