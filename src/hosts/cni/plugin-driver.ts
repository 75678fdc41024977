import {
  type Endpoint,
  endpointSysctls,
  type Facts,
  familyOf,
  type HostView,
  hasFamily,
  hostEnd,
  ifacePrefixOption,
  interfaceOption,
  ipv6Sysctls,
  mtuOption,
  type Network,
  type NetworkDriver,
  type Option,
  type RawOptions,
  type Resource,
  type Route,
  spokenBy,
  TsdError,
} from "../../api/index.js";
import { bridgeResources, publications } from "./bridge-resources.js";
import { confOf } from "./conf-options.js";
import { capabilityOptions, parseEndpointOptions, splitOptions } from "./driver-options.js";
import { capabilitiesOf, readCapabilities } from "./endpoint-capabilities.js";
import { requireMakesNetwork, roleOf } from "./plugin-roles.js";
import { refusedForNetworks } from "./refused-options.js";
import type { CniPlugin } from "./resources.js";
import { PATH_OPTION, requirePlugin, searchPath } from "./search-path.js";

/** The bridge plug-in's own option, and those that every network has. */
const checked: readonly Option[] = [
  { names: ["bridge"], ...interfaceOption },
  { ...mtuOption, names: ["mtu"] },
];
const tsdOptions: readonly Option[] = [
  ifacePrefixOption,
  { names: [PATH_OPTION], valid: (value) => value !== "", expected: "directories with colons between them" },
];

interface PluginFacts {
  readonly path: readonly string[];
}

/**
 * Networks of one plug-in of CNI, whose configuration the options are. tsd's own IPAM decides on addresses, which the plug-in gets
 * by way of CNI's `static`.
 */
export class PluginDriver implements NetworkDriver {
  readonly capabilities: NetworkDriver["capabilities"];
  readonly type: string;

  constructor(
    private readonly plugin: string,
    private readonly variable: string | undefined,
  ) {
    this.type = `cni:${plugin}`;
    const joinsLan = roleOf(plugin) === "lan";
    this.capabilities = { needsIpam: true, publishes: !joinsLan, namespace: "own", singleton: false, joinsLan };
  }

  parseOptions(raw: RawOptions): RawOptions {
    requireMakesNetwork(this.plugin);
    const { known, others } = splitOptions(raw, {
      of: `driver ${this.type}`,
      flag: "-o",
      options: [...tsdOptions, ...checked],
    });
    confOf(others, refusedForNetworks);
    const path = searchPath(known[PATH_OPTION], this.variable).join(":");
    return { ...known, ...others, [PATH_OPTION]: path };
  }

  parseEndpointOptions(raw: RawOptions): RawOptions {
    return parseEndpointOptions(raw);
  }

  observe(_host: HostView, network: Pick<Network, "name" | "options" | "internal">): Facts {
    if (network.internal && this.plugin !== "bridge") throw notInternal(network.name, this.type);
    const path = searchPath(network.options[PATH_OPTION], this.variable);
    for (const type of [this.plugin, "static"]) requirePlugin(type, path);
    return { path } satisfies PluginFacts;
  }

  network(network: Network): readonly Resource[] {
    const { path } = network.facts as unknown as PluginFacts;
    const list = { name: network.name, plugins: [this.pluginOf(network, [])] };
    return [
      ...(this.plugin === "bridge" ? bridgeResources(network, bridgeOf(network)) : []),
      { kind: "cni-network", id: network.id, name: network.name, list, directories: path },
    ];
  }

  endpoint(whole: Network, endpoint: Endpoint): readonly Resource[] {
    const network = spokenBy(endpoint, whole);
    const { id, netns, interface: name, addresses, options } = endpoint;
    const { path: directories } = network.facts as unknown as PluginFacts;
    const list = { name: network.name, plugins: [this.pluginOf(network, addresses)] };
    const asked = readCapabilities(capabilityOptions(options));
    const capabilities = capabilitiesOf(list, { ...endpoint, ports: [] }, asked);
    return [
      { kind: "cni-attachment", id, network: network.id, netns, name, list, directories, capabilities, addresses },
      ...endpointSysctls(endpoint, ipv6Sysctls(name, hasFamily(network, 6), netns)),
      // The plug-in has given it these; by the list they are compared and known to explain.
      ...addresses.map((address): Resource => ({ kind: "address", netns, link: name, address })),
      ...defaultRoutes(network, endpoint),
      ...(network.internal
        ? []
        : publications(endpoint, this.plugin === "bridge" ? bridgeOf(network) : hostEnd(endpoint))),
    ];
  }

  private pluginOf(network: Network, addresses: readonly string[]): CniPlugin {
    const gateways = new Map(network.subnets.map(({ cidr, gateway }) => [familyOf(cidr), gateway]));
    return {
      ...this.presets(network),
      ...confOf(splitOptions(network.options, { of: "", flag: "", options: tsdOptions }).others, refusedForNetworks),
      type: this.plugin,
      capabilities: { mac: true },
      ipam: {
        type: "static",
        addresses: addresses.map((address) => ({ address, gateway: gateways.get(familyOf(address)) })),
      },
    };
  }

  /** A user who says otherwise is obeyed. */
  private presets(network: Network): object {
    if (this.plugin === "bridge") return { bridge: bridgeOf(network), hairpinMode: true };
    return this.plugin === "ptp" ? { ipMasq: true } : {};
  }
}

function bridgeOf({ id, options }: Pick<Network, "id" | "options">): string {
  return options.bridge ?? `br-${id.slice(0, 12)}`;
}

/** tsd's own, since those of plug-ins have no metric by which several networks of a container could be told apart. */
function defaultRoutes({ subnets, internal }: Network, endpoint: Endpoint): readonly Route[] {
  const { netns, interface: link, metric } = endpoint;
  if (internal || metric === undefined) return [];
  return subnets.map(({ gateway }) => {
    return { kind: "route", netns, destination: familyOf(gateway) === 6 ? "::/0" : "0.0.0.0/0", gateway, link, metric };
  });
}

function notInternal(network: string, driver: string): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_CNI_INTERNAL",
    message: `network "${network}" of driver ${driver} cannot be internal: its plug-in decides what leads out of it`,
    hint: "Use the driver bridge or cni:bridge for an internal network.",
    details: { network, driver },
  });
}
