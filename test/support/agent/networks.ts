import type { LocalEndpoint, LocalNetwork } from "../../../src/agent/records/local-network.js";
import type { ClusterPlace, Network } from "../../../src/api/index.js";
import { Keys } from "../../../src/cluster/records/keys.js";
import { RECORDS_VERSION } from "../../../src/cluster/records/values.js";
import type { Membership } from "../../../src/contracts/index.js";

export const networkId = "ab".repeat(32);
export const keys = new Keys("default");

export const membership: Membership = {
  cluster: "default",
  clusterId: "c1",
  host: "h1",
  address: "192.0.2.1",
  epoch: "epoch-of-h1",
  joined: "2026-11-30T00:00:00.000Z",
};

/** Network `web` as host h1 has it, with the first two blocks of it. */
export function localNetwork(
  endpoints: readonly LocalEndpoint[] = [],
  more: Partial<Network> = {},
  lost: readonly string[] = [],
  recorded?: number,
): LocalNetwork {
  const cluster: ClusterPlace = {
    vni: 4096,
    host: "h1",
    address: "192.0.2.1",
    mtu: 1500,
    mac: "02:00:00:00:00:01",
    blocks: ["10.5.0.0/26", "fd05::/112"],
    ...(lost.length === 0 ? {} : { lost }),
    ...(recorded === undefined ? {} : { recorded }),
  };
  const network: Network & { readonly cluster: ClusterPlace } = {
    id: networkId,
    name: "web",
    driver: "overlay",
    created: "2026-11-30T00:00:00.000Z",
    subnets: [
      { cidr: "10.5.0.0/16", gateway: "10.5.0.1" },
      { cidr: "fd05::/64", gateway: "fd05::1" },
    ],
    options: {},
    labels: {},
    mac: "02:00:00:00:00:0b",
    uplinks: [],
    cluster,
    ...more,
  } as Network & { readonly cluster: ClusterPlace };
  return { network, endpoints, noted: [], isStretched: false };
}

/** The same network encrypted, where this host has the key `a`. */
export function encryptedNetwork(endpoints: readonly LocalEndpoint[] = []): LocalNetwork {
  const { network } = localNetwork();
  const wireguard = { port: 51_820, generation: 1 };
  return {
    ...localNetwork(endpoints, { cluster: { ...network.cluster, wireguard } }),
    wireguard: { publicKey: keyOf("a"), port: 51_820 },
  };
}

/** A public key of WireGuard. */
export function keyOf(letter: string): string {
  return `${letter.repeat(42)}A=`;
}

export function endpointId(digit: string): string {
  return digit.repeat(64);
}

export const sharedSubnets = [
  { cidr: "10.5.0.0/16", gateway: "10.5.0.1", blockPrefix: 26 },
  { cidr: "fd05::/64", gateway: "fd05::1", blockPrefix: 112 },
];

function networkRecord() {
  return {
    id: networkId,
    vni: 4096,
    created: "2026-11-30T00:00:00.000Z",
    driver: "overlay",
    subnets: sharedSubnets,
    options: {},
    labels: {},
  };
}

/** What host hN writes when it joins the cluster and the network; keys as in the state. */
export function recordsOf(number: number): Readonly<Record<string, unknown>> {
  const host = `h${number}`;
  const address = `192.0.2.${number}`;
  const epoch = `epoch-of-${host}`;
  return {
    [keys.host(host)]: { address, epoch, joined: "2026-11-30T00:00:00.000Z", version: "0.1.0" },
    [keys.address(address)]: host,
    [keys.member(networkId, host)]: { address, epoch, mac: `02:00:00:00:00:0${number}`, isUsed: true },
    [keys.block(networkId, number === 1 ? "10.5.0.0/26" : `10.5.${number}.0/26`)]: host,
    [keys.block(networkId, number === 1 ? "fd05::/112" : `fd05::${number}:0/112`)]: host,
  };
}

/** The cluster and the network. */
export function commonRecords(): Readonly<Record<string, unknown>> {
  return {
    [keys.version]: { version: RECORDS_VERSION, id: "c1" },
    [keys.network("web")]: networkRecord(),
    [keys.vni(4096)]: "web",
  };
}

/** A change that removes these. */
export function without(records: Readonly<Record<string, unknown>>): Readonly<Record<string, undefined>> {
  return Object.fromEntries(Object.keys(records).map((key) => [key, undefined]));
}
