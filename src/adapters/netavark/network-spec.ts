import { familyOf, type NetworkSpec, type RawOptions } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { lastAddress } from "./last-address.js";
import { networkLabels } from "./own-labels.js";
import type { PodmanNetwork, PodmanSubnet } from "./podman-types.js";

/** What tsd calls a network of podman's. A network that users made with tsd itself may have the other name. */
export function networkName({ name }: Pick<PodmanNetwork, "name">): string {
  return `podman-${name}`;
}

/** The network of tsd's that serves one of podman's. Throws `unsupported` for what tsd has not. */
export function networkSpec(network: PodmanNetwork): NetworkSpec {
  const options = driverOptions(network);
  refuseWithoutAddresses(network);
  if (network.routes > 0) throw unsupported(network, "has static routes, which tsd gives to no container");
  const families = network.subnets.map(({ subnet }) => familyOf(subnet));
  return {
    name: networkName(network),
    driver: network.driver,
    subnets: network.subnets.map(({ subnet }) => subnet),
    gateways: network.subnets.map((subnet) => gatewayOf(network, subnet)),
    ipv4: families.includes(4),
    ipv6: families.includes(6),
    internal: network.internal,
    labels: { ...network.labels, ...networkLabels(network) },
    options,
    // Podman made sure of it when the network was made.
    allowOverlap: true,
  };
}

/**
 * Podman gives an internal network without names no gateway, and hands out the first address. tsd keeps one for it all the
 * same: the last, which podman hands out last.
 */
function gatewayOf(network: PodmanNetwork, { subnet, gateway }: PodmanSubnet): string {
  if (gateway !== undefined) return gateway;
  if (network.internal) return lastAddress(subnet);
  throw unsupported(network, `has no gateway in ${subnet}`);
}

function refuseWithoutAddresses(network: PodmanNetwork): void {
  const { driver = "host-local" } = network.ipam_options;
  if (driver !== "host-local") throw unsupported(network, `takes its addresses from "${driver}"`);
  if (network.subnets.length === 0) throw unsupported(network, "has no subnet");
}

/** The same under the names of tsd's drivers; undefined for a value that they have no word for. */
type Translation = (value: string) => RawOptions | undefined;

const mtu: Translation = (value) => (value === "0" || value === "" ? {} : { mtu: value });
const modeAs =
  (name: string): Translation =>
  (value) =>
    value === "" ? {} : { [name]: value };

/** Of every driver. The metric is a matter of endpoints, see attach-spec.ts. */
const common: Readonly<Record<string, Translation>> = {
  mtu,
  metric: () => ({}),
  no_default_route: (value) => (value === "false" ? {} : undefined),
};

const bridgeModes: Readonly<Record<string, RawOptions>> = {
  "": {},
  managed: {},
  unmanaged: { adopt: "true", masquerade: "false" },
};

const isolation: Readonly<Record<string, RawOptions>> = {
  true: { isolate: "true" },
  strict: { isolate: "true" },
  false: { isolate: "false" },
};

const translations: Readonly<Record<string, Readonly<Record<string, Translation>>>> = {
  bridge: {
    ...common,
    mode: (value) => bridgeModes[value],
    isolate: (value) => isolation[value],
    outbound_addr4: (value) => ({ outbound_addr4: value }),
    outbound_addr6: (value) => ({ outbound_addr6: value }),
  },
  macvlan: { ...common, mode: modeAs("macvlan_mode") },
  ipvlan: { ...common, mode: modeAs("ipvlan_mode") },
};

function driverOptions(network: PodmanNetwork): RawOptions {
  const known = translations[network.driver];
  if (known === undefined) throw unsupported(network, `has the driver "${network.driver}"`);
  const translated = Object.entries(network.options).map(([name, value]) => {
    const options = Object.hasOwn(known, name) ? known[name]?.(value) : undefined;
    if (options === undefined) throw unsupported(network, `has the option ${name}=${value}`);
    return options;
  });
  return Object.assign(network.driver === "bridge" ? bridge(network) : parent(network), ...translated);
}

function bridge(network: PodmanNetwork): RawOptions {
  const { network_interface: name, internal, subnets } = network;
  if (name === undefined) throw unsupported(network, "names no bridge");
  const isBare = internal && subnets.every(({ gateway }) => gateway === undefined);
  // Podman's networks reach each other unless they are told not to.
  return { name, isolate: "false", ...(isBare ? { gateway_mode: "isolated" } : {}) };
}

function parent({ network_interface: name }: PodmanNetwork): RawOptions {
  return name === undefined ? {} : { parent: name };
}

function unsupported({ name }: PodmanNetwork, what: string): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_NETAVARK_NETWORK",
    message: `network "${name}" of podman ${what}`,
    hint: "Make it otherwise, or let netavark serve it: helper_binaries_dir in containers.conf.",
    details: { network: name },
  });
}
