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
import { defaultRoutes, deviceRoutes, interfaceResources } from "../lan/lan-endpoint.js";
import { observeParent } from "../lan/observe-parent.js";
import type { ParentFacts } from "../lan/parent-facts.js";
import { parentOption } from "../lan/parent-option.js";
import { parentResources } from "../lan/parent-resources.js";
import { type IpvlanFlag, type IpvlanMode, ipvlanFlags, ipvlanModes } from "./ipvlan-link.js";

const networkOptions: OptionTable = {
  of: "the ipvlan driver",
  flag: "-o",
  options: [
    parentOption,
    { names: ["ipvlan_mode", "mode"], ...wordOption(...ipvlanModes) },
    { names: ["ipvlan_flag"], ...wordOption(...ipvlanFlags) },
    mtuOption,
    ifacePrefixOption,
  ],
};

const endpointOptions: OptionTable = { ...networkOptions, flag: "--driver-opt", options: commonEndpointOptions };

/**
 * Containers are behind the MAC address of a link of the host: on its LAN (`l2`), or routed by it without ARP (`l3`, and `l3s`,
 * where the host's packet filters see them).
 */
export const ipvlanDriver: NetworkDriver = {
  type: "ipvlan",
  capabilities: { needsIpam: true, publishes: false, namespace: "own", singleton: false, joinsLan: true },
  parseOptions: (raw) => canonicalOptions(networkOptions, raw),
  parseEndpointOptions: (raw) => canonicalOptions(endpointOptions, raw),
  // All links on a parent have the mode of the latest.
  observe: (host, network) =>
    observeParent(host, network, { driver: "ipvlan", parent: network.options.parent, exclusive: true }),
  network: (network) => parentResources(network, { routed: modeOf(network) !== "l2" }),
  sharedMac: ({ facts, mac }) => (facts as ParentFacts).mac ?? mac,
  endpoint(network, endpoint) {
    const { netns, interface: name } = endpoint;
    const { options } = network;
    const { parent, makes } = network.facts as ParentFacts;
    const mode = modeOf(network);
    const flag = (options.ipvlan_flag ?? "bridge") as IpvlanFlag;
    const routes = mode === "l2" ? defaultRoutes : deviceRoutes;
    return [
      {
        ...{ kind: "link", type: "ipvlan", netns, name, parent, mode, flag },
        ...(options.mtu === undefined ? {} : { mtu: Number(options.mtu) }),
      },
      ...interfaceResources(network, endpoint),
      ...(makes === "dummy" ? [] : routes(network, endpoint)),
    ];
  },
};

function modeOf({ options }: Pick<Network, "options">): IpvlanMode {
  return (options.ipvlan_mode ?? "l2") as IpvlanMode;
}
