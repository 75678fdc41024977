import type { NatIntent } from "../../api/index.js";
import { macAt, type SpanName, spanAddresses, spans, underlay, vniOf } from "./span-lab.js";

/** Who calls, in the order of the columns. */
export const spanCallers = {
  outside: "another machine",
  host: "the host itself",
  w1: "a container of the network",
  w2: "one of it on another host",
  c2: "another network's container there",
  s2: "one of it, says a host that is no member",
  p1: "a container of a network of this host alone",
  i1: "one of an internal network",
  i2: "one of that on another host",
} as const;

export type SpanCaller = keyof typeof spanCallers;

export interface SpanTarget {
  readonly what: string;
  readonly protocol: "tcp" | "udp";
  readonly address: string;
  readonly port: number;
  /** Who would answer. */
  readonly server: SpanName;
  /** The address under which the server sees each caller; callers that get no answer are left out. */
  readonly seen: Readonly<Partial<Record<SpanCaller, string>>>;
}

/**
 * Who reaches whom where networks span hosts, under any backend. Callers on the other host, which is hostile, send everything into
 * their tunnel, and another machine has routes to the containers.
 */
export const spanTargets: readonly SpanTarget[] = [
  {
    what: "a container",
    ...{ protocol: "tcp", address: "10.70.0.2", port: 80, server: "w1" },
    seen: { host: "10.70.0.1", w1: "10.70.0.2", w2: "10.70.0.66" },
  },
  {
    what: "the same by UDP",
    ...{ protocol: "udp", address: "10.70.0.2", port: 80, server: "w1" },
    seen: { host: "10.70.0.1", w1: "10.70.0.2", w2: "10.70.0.66" },
  },
  {
    what: "the same by IPv6",
    ...{ protocol: "tcp", address: "fd00:70::1:2", port: 80, server: "w1" },
    seen: { host: "fd00:70::1", w1: "fd00:70::1:2", w2: "fd00:70::2:2" },
  },
  {
    what: "its published port",
    ...{ protocol: "tcp", address: "192.0.2.1", port: 8080, server: "w1" },
    seen: {
      ...{ outside: "198.51.100.2", host: "192.0.2.1", w1: "10.70.0.1", w2: "10.70.0.1", p1: "10.70.0.1" },
    },
  },
  {
    what: "a container on another host",
    ...{ protocol: "tcp", address: "10.70.0.66", port: 80, server: "w2" },
    seen: { host: "10.70.0.0", w1: "10.70.0.2", w2: "10.70.0.66" },
  },
  {
    what: "the same by IPv6",
    ...{ protocol: "tcp", address: "fd00:70::2:2", port: 80, server: "w2" },
    seen: { host: "fd00:70::1:0", w1: "fd00:70::1:2", w2: "fd00:70::2:2" },
  },
  {
    what: "a container on a network with icc=false",
    ...{ protocol: "tcp", address: "10.71.0.2", port: 80, server: "c1" },
    seen: { host: "10.71.0.1" },
  },
  {
    what: "the same, by a port that is open to others",
    ...{ protocol: "tcp", address: "10.71.0.2", port: 5432, server: "c1" },
    seen: { outside: "198.51.100.2", host: "10.71.0.1", w1: "10.71.0.1", c2: "10.71.0.66", p1: "10.71.0.1" },
  },
  {
    what: "one on the internal network",
    ...{ protocol: "tcp", address: "10.72.0.2", port: 80, server: "i1" },
    seen: { host: "10.72.0.1", i1: "10.72.0.2", i2: "10.72.0.66" },
  },
  {
    what: "one on it on another host",
    ...{ protocol: "tcp", address: "10.72.0.66", port: 80, server: "i2" },
    seen: { host: "10.72.0.0", i1: "10.72.0.2", i2: "10.72.0.66" },
  },
  {
    what: "one on a network with isolate=false",
    ...{ protocol: "tcp", address: "10.73.0.2", port: 80, server: "o1" },
    seen: { host: "10.73.0.1", w1: "10.73.0.1", p1: "10.73.0.1" },
  },
  {
    what: "one on it on another host",
    ...{ protocol: "tcp", address: "10.73.0.66", port: 80, server: "o2" },
    seen: { host: "10.73.0.0", w1: "10.73.0.0", p1: "10.73.0.0" },
  },
  {
    what: "another machine",
    ...{ protocol: "tcp", address: "198.51.100.2", port: 7, server: "outside" },
    seen: { outside: "198.51.100.2", host: "198.51.100.1", w1: "198.51.100.1", p1: "198.51.100.1" },
  },
  {
    what: "a port of the host's own",
    ...{ protocol: "tcp", address: "192.0.2.1", port: 7000, server: "host" },
    seen: { outside: "198.51.100.2", host: "192.0.2.1", w1: "10.70.0.2", p1: "10.74.0.2", i1: "10.72.0.2" },
  },
];

/** What the driver asks for these networks. */
export function spanIntents(): readonly NatIntent[] {
  const traits = {
    w: {},
    c: { apart: true, pingable: true },
    i: { internal: true },
    o: { open: true },
    p: {},
  } as const;
  const networks = (Object.keys(traits) as (keyof typeof traits)[]).flatMap((letter): readonly NatIntent[] => {
    const network = { owner: `${spans[letter]}`.repeat(32), bridge: `br-${letter}` };
    const trunk = letter === "p" ? {} : { trunk: `vx-${letter}` };
    return [
      ...(letter === "p" ? [] : memberIntents(vniOf(letter), 4789, underlay.member.slice(0, 1))),
      { kind: "isolate", ...network, ...trunk, ...traits[letter] },
      ...(letter === "i" ? [] : [`10.${spans[letter]}.0.0/16`, `fd00:${spans[letter]}::/64`]).map(
        (subnet) => ({ kind: "masquerade", ...network, subnet }) as const,
      ),
    ];
  });
  const [web, apart] = [spanAddresses("w1")[0], spanAddresses("c1")[0]];
  const port = { protocol: "tcp", count: 1 } as const;
  return [
    ...networks,
    {
      ...{ kind: "publish", owner: "1".repeat(64), bridge: "br-w", ...port },
      ...{ hostPort: 8080, containerAddress: web, containerPort: 80 },
    },
    { kind: "allow", owner: "2".repeat(64), bridge: "br-c", ...port, address: apart, port: 5432 },
  ];
}

/** A segment and those who may send frames of it. */
export function memberIntents(vni: number, port: number, members: readonly string[]): readonly NatIntent[] {
  const owner = `${vni}`.repeat(16);
  return [
    { kind: "segment", owner, vni, port },
    ...members.map((address, index) => {
      const peer = `${vni}`.repeat(15).concat(`fee${index}`);
      return { kind: "member", owner: peer, vni, port, address } as const;
    }),
  ];
}

/** What the driver asks for the network whose tunnel is a port of its bridge, and for the container on the other host. */
export function bridgedIntents(): readonly NatIntent[] {
  const network = { owner: `${spans.l}`.repeat(32), bridge: "br-l" };
  const inlet = { link: "vx-l", addresses: [`10.${spans.l}.0.0`, `fd00:${spans.l}::1:0`] };
  const mac = macAt("2", spans.l);
  return [
    ...memberIntents(vniOf("l"), 4789, underlay.member.slice(0, 1)),
    { kind: "isolate", ...network, inlet },
    { kind: "masquerade", ...network, subnet: `10.${spans.l}.0.0/16` },
    { kind: "masquerade", ...network, subnet: `fd00:${spans.l}::/64` },
    {
      ...{ kind: "guard", owner: "3".repeat(64), bridge: "br-l", link: inlet.link, shared: true },
      ...{ mac, addresses: spanAddresses("l2") },
    },
    {
      ...{ kind: "publish", owner: "4".repeat(64), bridge: "br-l", protocol: "tcp", count: 1 },
      ...{ hostPort: 8090, containerAddress: spanAddresses("l1")[0], containerPort: 80 },
    },
  ];
}
