import { setTimeout as sleep } from "node:timers/promises";
import type { HostSettings, NetworkSpec, Networks, RawOptions } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import type { Parts } from "./parts.js";

/** The network of containers that name none. */
export const defaultNetworkName = "bridge";

/** Its bridge, unless another one is taken over. */
const defaultBridge = "tsd0";

/** Key of the stored spec that the default network was made by. */
const SPEC = "default-network";

/** Milliseconds that another command may take to make or remove the default network. */
const patience = 10_000;

export class DefaultNetwork {
  constructor(
    private readonly parts: Pick<Parts, "store" | "processes" | "settings" | "host">,
    private readonly networks: Pick<Networks, "create" | "remove">,
  ) {}

  /**
   * Makes the default network, or waits while another command does: the first two containers often come at once. Answers
   * its name. Throws `invalid-input` where the settings want none.
   */
  async prepare(): Promise<string> {
    const { store, processes } = this.parts;
    const deadline = performance.now() + patience;
    for (;;) {
      const row = store.networks.list().find(({ network }) => network.name === defaultNetworkName);
      if (row === undefined) await this.create();
      // One that is still not ready then is refused by name when the endpoint is planned.
      else if (row.state === "ready" || !processes.isAlive(row.owner) || performance.now() > deadline) break;
      else await sleep(2);
    }
    return defaultNetworkName;
  }

  /** Makes it anew where other settings made it, or takes it away where none is wanted. Throws `conflict` naming its users. */
  async renew(): Promise<void> {
    const { store, settings } = this.parts;
    const wanted = settings().bridge === "none" ? undefined : await this.spec();
    if (store.networks.list().some(({ network }) => network.name === defaultNetworkName)) {
      if (JSON.stringify(wanted) === JSON.stringify(store.settings.get(SPEC))) return;
      await this.networks.remove(defaultNetworkName);
    }
    if (wanted !== undefined) await this.prepare();
  }

  /** What it is made of by the settings in force. */
  private async spec(): Promise<NetworkSpec> {
    const settings = this.parts.settings();
    const { bridge } = settings;
    if (bridge === "none") throw noDefaultNetwork();
    if (bridge === undefined) {
      return makeSpec(settings, { bridge: defaultBridge, subnets: ownSubnets(settings), options: {} });
    }
    const { addresses } = (await this.parts.host()).bridge(bridge);
    const spec = makeSpec(settings, { bridge, subnets: adoptedSubnets(bridge, addresses), options: { adopt: "true" } });
    // The host has routes to its own bridge.
    return { ...spec, allowOverlap: true };
  }

  private async create(): Promise<void> {
    try {
      const { store } = this.parts;
      const spec = await this.spec();
      await this.networks.create(spec);
      store.transaction(() => store.settings.set(SPEC, spec));
    } catch (error) {
      if (!TsdError.is(error) || error.code !== "TSD_NETWORK_EXISTS") throw error;
    }
  }
}

interface Bridge {
  readonly bridge: string;
  readonly subnets: readonly string[];
  readonly options: RawOptions;
}

function makeSpec(settings: HostSettings, { bridge, subnets, options }: Bridge): NetworkSpec {
  const { icc, ip, mtu, ipv6, "fixed-cidr": range } = settings;
  return {
    name: defaultNetworkName,
    ...(subnets.length === 0 ? {} : { subnets }),
    ...(range === undefined ? {} : { ranges: [range] }),
    ...(ipv6 === undefined ? {} : { ipv6 }),
    options: {
      name: bridge,
      ...options,
      ...(icc === undefined ? {} : { icc: String(icc) }),
      ...(mtu === undefined ? {} : { mtu: String(mtu) }),
      ...(ip === undefined ? {} : { host_binding: ip }),
    },
  };
}

/** docker's rule: a range without a bridge address is the subnet. */
function ownSubnets({ bip, "fixed-cidr": range, "fixed-cidr-v6": subnet6 }: HostSettings): readonly string[] {
  const subnet = bip ?? range;
  return [...(subnet === undefined ? [] : [subnet]), ...(subnet6 === undefined ? [] : [subnet6])];
}

/** The first address of each family; IPv6's link-local ones belong to every link. */
function adoptedSubnets(bridge: string, addresses: readonly string[]): readonly string[] {
  const ipv4 = addresses.find((address) => !address.includes(":"));
  const ipv6 = addresses.find((address) => address.includes(":") && !/^fe[89ab]/i.test(address));
  if (ipv4 !== undefined) return [ipv4, ...(ipv6 === undefined ? [] : [ipv6])];
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_BRIDGE_NO_ADDRESS",
    message: `the bridge ${bridge} has no IPv4 address to take over`,
    hint: `Give it one: ip address add 10.10.0.1/24 dev ${bridge}`,
    details: { bridge, addresses },
  });
}

function noDefaultNetwork(): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_NO_DEFAULT_NETWORK",
    message: "there is no default network, since the bridge is set to none",
    hint: "Name a network: --net NETWORK, or --net none for no network.",
  });
}
