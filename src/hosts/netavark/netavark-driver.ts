import {
  canonicalOptions,
  commonEndpointOptions,
  type Endpoint,
  endpointSysctls,
  type Network,
  type NetworkDriver,
  type RawOptions,
  type Resource,
} from "../../api/index.js";
import { networkConfig } from "./network-config.js";
import type { ListedNetwork } from "./resources.js";
import { setupCall } from "./setup-call.js";

/** Options of an endpoint that tsd itself reads; others are the plug-in's. */
const own = { of: "tsd", flag: "--driver-opt", options: commonEndpointOptions };
const ownKeys = new Set<string>(commonEndpointOptions.flatMap(({ names }) => names));

/** Networks of one plug-in. It gets addresses and published ports from tsd, as from podman, and does the rest itself. */
export class NetavarkDriver implements NetworkDriver {
  readonly type: string;
  readonly capabilities = { needsIpam: true, publishes: true, namespace: "own", singleton: false } as const;

  /** `directory` has a folder for each network. */
  constructor(
    private readonly plugin: string,
    private readonly directory: string,
  ) {
    this.type = `netavark:${plugin}`;
  }

  /** The plug-in checks them, in `create`. */
  parseOptions(raw: RawOptions): RawOptions {
    return raw;
  }

  parseEndpointOptions(raw: RawOptions): RawOptions {
    const entries = Object.entries(raw);
    const ours = Object.fromEntries(entries.filter(([key]) => ownKeys.has(key)));
    const theirs = Object.fromEntries(entries.filter(([key]) => !ownKeys.has(key)));
    return { ...theirs, ...canonicalOptions(own, ours) };
  }

  network(network: Network): readonly Resource[] {
    const listed = this.listed(network);
    return [
      { kind: "directory", path: listed.directory },
      { kind: "netavark-network", name: network.name, ...listed },
    ];
  }

  endpoint(network: Network, endpoint: Endpoint): readonly Resource[] {
    const options = Object.entries(endpoint.options ?? {}).filter(([key]) => !ownKeys.has(key));
    const call = setupCall(endpoint, Object.fromEntries(options));
    const name = `${endpoint.interface} by ${this.plugin}`;
    return [
      { kind: "netavark-endpoint", name, network: this.listed(network), netns: endpoint.netns, call },
      ...endpointSysctls(endpoint, []),
    ];
  }

  private listed(network: Network): ListedNetwork {
    const { plugin } = this;
    return { plugin, directory: `${this.directory}/${network.id}`, network: networkConfig(network, plugin) };
  }
}
