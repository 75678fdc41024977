import { setTimeout as sleep } from "node:timers/promises";
import { familyOf } from "../../api/address-family.js";
import type { HostSettings, Network, NetworkSpec, Networks, RawOptions } from "../../api/index.js";
import { monotonicTime } from "../../contracts/clock.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { defaultNetworkName, predefinedNetwork } from "../requests/predefined-networks.js";

/** Its bridge, unless another one is taken over. */
const defaultBridge = "tsd0";

/** Key of the stored spec that the default network was made by. */
const SPEC = "default-network";

/** Milliseconds that another command may take to make or remove the default network. */
const patience = 10_000;

export class DefaultNetwork {
  constructor(
    private readonly parts: Pick<Parts, "store" | "processes" | "settings" | "host">,
    private readonly lifecycle: Pick<Networks, "create" | "remove">,
  ) {}

  /** What it is known by before it is made; none where it is made, or where the settings want none. */
  expected(): readonly Network[] {
    return this.isThere() || this.parts.settings().bridge === "none" ? [] : [predefinedNetwork(defaultNetworkName)];
  }

  /** Makes it if `ref` names it. */
  async prepareFor(ref: string): Promise<void> {
    const [expected] = this.expected();
    if (ref === expected?.name) await this.prepare();
  }

  /** Throws `conflict` if it is called `name`, which the settings alone make and remove. */
  refuse(name: string): void {
    if (name !== defaultNetworkName || (this.isThere() && this.parts.settings().bridge === "none")) return;
    throw new TsdError({
      kind: "conflict",
      code: "TSD_NETWORK_PREDEFINED",
      message: `"${name}" is the default network: it is always there`,
      hint: "Change it with tsd system init; with --bridge none there is no default network.",
      details: { name },
    });
  }

  /**
   * Makes the default network, or waits while another command does: the first two containers often come at once. Returns its
   * name. Throws `invalid-input` where the settings want none.
   */
  async prepare(): Promise<string> {
    const { store, processes } = this.parts;
    const deadline = monotonicTime() + patience;
    for (;;) {
      const row = store.networks.named(defaultNetworkName);
      if (row === undefined) await this.create();
      // One that is still not ready then is refused by name when the endpoint is planned.
      else if (row.state === "ready" || !processes.isAlive(row.owner) || monotonicTime() > deadline) break;
      else await sleep(2);
    }
    return defaultNetworkName;
  }

  /**
   * Recreates it if other settings made it, or removes it if none is wanted. Settings that were not tried before are tried
   * at once; the defaults need no trial, and it comes with its first container. Throws `conflict` naming its users.
   */
  async renew(): Promise<void> {
    const { store, settings } = this.parts;
    const wanted = settings().bridge === "none" ? undefined : await this.spec();
    if (!this.isThere() && JSON.stringify(wanted) === JSON.stringify(plainSpec())) return;
    if (this.isThere()) {
      // One that a user made by hand has no spec here.
      if (wanted !== undefined && JSON.stringify(wanted) === JSON.stringify(store.settings.get(SPEC))) return;
      await this.lifecycle.remove(defaultNetworkName);
    }
    if (wanted !== undefined) await this.prepare();
  }

  isThere(): boolean {
    return this.parts.store.networks.named(defaultNetworkName) !== undefined;
  }

  /** What it is made of by the settings in force. */
  private async spec(): Promise<NetworkSpec> {
    const settings = this.parts.settings();
    const { bridge, ipv6, "fixed-cidr": range, "fixed-cidr-v6": range6 } = settings;
    if (bridge === "none") throw noDefaultNetwork();
    if (bridge === undefined) {
      return makeSpec(settings, { bridge: defaultBridge, subnets: ownSubnets(settings), ranges: [range], options: {} });
    }
    const { addresses } = (await this.parts.host()).bridge(bridge);
    const subnets = adoptedSubnets(bridge, addresses, ipv6);
    const spec = makeSpec(settings, { bridge, subnets, ranges: [range, range6], options: { adopt: "true" } });
    // The host has routes to its own bridge.
    return { ...spec, allowOverlap: true };
  }

  private async create(): Promise<void> {
    try {
      const { store } = this.parts;
      const spec = await this.spec();
      await this.lifecycle.create(spec);
      store.transaction(() => store.settings.set(SPEC, spec));
    } catch (error) {
      if (!TsdError.is(error) || error.code !== "TSD_NETWORK_EXISTS") throw error;
    }
  }
}

interface Bridge {
  readonly bridge: string;
  readonly subnets: readonly string[];
  readonly ranges: readonly (string | undefined)[];
  readonly options: RawOptions;
}

function makeSpec(settings: HostSettings, { bridge, subnets, ranges: requested, options }: Bridge): NetworkSpec {
  const { icc, ip, mtu, ipv6 } = settings;
  const ranges = requested.filter((range) => range !== undefined);
  return {
    name: defaultNetworkName,
    ...(subnets.length === 0 ? {} : { subnets }),
    ...(ranges.length === 0 ? {} : { ranges }),
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

/** What the defaults ask for. */
const plainSpec = (): NetworkSpec => makeSpec({}, { bridge: defaultBridge, subnets: [], ranges: [], options: {} });

/** docker's rule: a range without a bridge address is the subnet. */
function ownSubnets({ bip, "fixed-cidr": range, "fixed-cidr-v6": subnet6 }: HostSettings): readonly string[] {
  const subnet = bip ?? range;
  return [...(subnet === undefined ? [] : [subnet]), ...(subnet6 === undefined ? [] : [subnet6])];
}

/** The first address of each family that is wanted; IPv6's link-local ones belong to every link. */
function adoptedSubnets(bridge: string, addresses: readonly string[], ipv6: boolean | undefined): readonly string[] {
  const first4 = addresses.find((address) => familyOf(address) === 4);
  const first6 = addresses.find((address) => familyOf(address) === 6 && !/^fe[89ab]/i.test(address));
  if (first4 === undefined) throw noAddress(bridge, { family: 4, example: "10.10.0.1/24" });
  if (ipv6 === true && first6 === undefined) throw noAddress(bridge, { family: 6, example: "fd00:10::1/64" });
  return first6 === undefined || ipv6 === false ? [first4] : [first4, first6];
}

function noAddress(
  bridge: string,
  { family, example }: { readonly family: 4 | 6; readonly example: string },
): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_BRIDGE_NO_ADDRESS",
    message: `the bridge ${bridge} has no IPv${family} address to take over`,
    hint: `Give it one: ip address add ${example} dev ${bridge}`,
    details: { bridge, family },
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
