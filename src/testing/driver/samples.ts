import type { ClusterPlace, Endpoint, HostLink, HostView, Network } from "../../api/index.js";
import { addresses, hostOf, parent, subnets } from "../lab/addresses.js";
import { type DriverSubject, optionsOf, type Which } from "./driver-subject.js";

const digits = { first: "1", second: "2" } as const;

/** A network as the engine would plan it, frozen, with what the driver observes on {@link sampleHost}. */
export function sampleNetwork(subject: DriverSubject, which: Which = "first"): Network {
  const { driver, variant } = subject;
  const options = driver.parseOptions(optionsOf(subject, which));
  const common = { id: digits[which].repeat(64), name: `kit-${which}`, options };
  const internal = variant.internal === true ? { internal: true } : {};
  const facts = driver.observe?.(sampleHost, { ...common, ...internal });
  const cidrs = driver.capabilities.needsIpam ? subnets[which].slice(0, variant.ipv6 === false ? 1 : 2) : [];
  return deepFreeze({
    ...common,
    ...internal,
    driver: driver.type,
    created: "2026-01-01T00:00:00.000Z",
    subnets: cidrs.map((cidr) => ({ cidr, gateway: hostOf(cidr, 1) })),
    labels: {},
    mac: `02:00:00:00:00:0${digits[which]}`,
    uplinks: [{ name: parent, index: 2, forwarding: false, forwarding6: false }],
    egressMtu: 1500,
    ...(facts === undefined ? {} : { facts }),
    ...(driver.capabilities.spansHosts ? { cluster: placeWith(cidrs, Number(options.vni ?? digits[which])) } : {}),
  });
}

/** That of a host which is alone in its cluster. */
function placeWith(blocks: readonly string[], vni: number): ClusterPlace {
  return { vni, host: "kit", address: addresses[4].host, mtu: 1500, mac: "02:00:00:00:01:01", blocks };
}

/** The endpoint of that number on a network, from 2. */
export function sampleEndpoint(network: Network, number = 2): Endpoint {
  return deepFreeze({
    id: `${number}${network.id[0]}`.repeat(32),
    networkId: network.id,
    netns: `/run/netns/kit-${number}`,
    interface: "eth0",
    mac: `02:42:00:00:00:0${number}`,
    addresses: network.subnets.map(({ cidr }) => `${hostOf(cidr, number)}/${cidr.split("/")[1]}`),
    ports: [{ protocol: "tcp", hostPort: 8080, containerPort: 80, count: 1 }],
    metric: 100,
  });
}

const hostLinks: readonly HostLink[] = [
  { name: "lo", up: true, mtu: 65_536, addresses: ["127.0.0.1/8", "::1/128"] },
  { name: parent, kind: "veth", up: true, mtu: 1500, mac: "02:00:00:00:00:aa", addresses: ["192.0.2.1/24"] },
];

/** A host with one link to other machines. */
const sampleHost: HostView = deepFreeze({
  links: () => hostLinks,
  link: (name: string) => hostLinks.find((link) => link.name === name),
  networks: () => [],
  routes: () => [{ destination: "192.0.2.0/24", link: parent }],
  lacksWireguard: () => undefined,
});

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === "object" && part !== null) deepFreeze(part);
  return Object.freeze(value);
}
