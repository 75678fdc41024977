/** Who calls, in the order of the rows. Each but the first two is a container. */
export const callers = {
  outside: "another machine",
  host: "the host itself",
  a1: "the container itself",
  a2: "its neighbour",
  b1: "a container of another network",
  c1: "one on a network with icc=false",
  d1: "one on an internal network",
  e1: "one on a network with isolate=false",
  r1: "one on a routed network",
} as const;

export type Caller = keyof typeof callers;

export interface Target {
  /** What is called, in words. */
  readonly what: string;
  readonly protocol: "tcp" | "udp";
  readonly address: string;
  readonly port: number;
  /** Who would answer. */
  readonly server: "outside" | "a1" | "c2" | "d2" | "e1" | "r1";
  /** The address under which the server sees each caller; callers that get no answer are left out. */
  readonly seen: Readonly<Partial<Record<Caller, string>>>;
}

/**
 * Containers of other networks come masqueraded, and callers from behind the same bridge as the bridge; otherwise replies
 * would bypass the host.
 */
const byBridge = { a1: "10.10.10.1", a2: "10.10.10.1", b1: "10.10.10.1", c1: "10.10.10.1", e1: "10.10.10.1" } as const;

/**
 * Who reaches whom, by which path, under any backend. `a1` publishes; host addresses are 192.0.2.1 and 192.0.2.3, and
 * 2001:db8::1; the other machine is 192.0.2.2. Callers have routes to everything, as intruders would.
 */
export const targets: readonly Target[] = [
  {
    what: "a published port",
    ...{ protocol: "tcp", address: "192.0.2.1", port: 8080, server: "a1" },
    seen: { outside: "192.0.2.2", host: "192.0.2.1", ...byBridge, r1: "10.60.0.2" },
  },
  {
    what: "the same by UDP",
    ...{ protocol: "udp", address: "192.0.2.1", port: 8080, server: "a1" },
    seen: { outside: "192.0.2.2", host: "192.0.2.1", ...byBridge, r1: "10.60.0.2" },
  },
  {
    what: "the same by IPv6",
    ...{ protocol: "tcp", address: "2001:db8::1", port: 8080, server: "a1" },
    seen: {
      outside: "2001:db8::2",
      host: "2001:db8::1",
      ...{ a1: "fd00:a::1", a2: "fd00:a::1", b1: "fd00:a::1", c1: "fd00:a::1", e1: "fd00:a::1" },
      r1: "fd00:f::2",
    },
  },
  {
    what: "the same by 127.0.0.1",
    ...{ protocol: "tcp", address: "127.0.0.1", port: 8080, server: "a1" },
    seen: { host: "10.10.10.1" },
  },
  { what: "the same by ::1", ...{ protocol: "tcp", address: "::1", port: 8080, server: "a1" }, seen: {} },
  {
    what: "a port published on 127.0.0.1 alone, by another address",
    ...{ protocol: "tcp", address: "192.0.2.1", port: 8081, server: "a1" },
    seen: {},
  },
  {
    what: "a port published on one address of the host",
    ...{ protocol: "tcp", address: "192.0.2.3", port: 8082, server: "a1" },
    seen: { outside: "192.0.2.2", host: "192.0.2.1", ...byBridge, r1: "10.60.0.2" },
  },
  {
    what: "that port by another address",
    ...{ protocol: "tcp", address: "192.0.2.1", port: 8082, server: "a1" },
    seen: {},
  },
  {
    what: "the container's own address, published or not",
    ...{ protocol: "tcp", address: "10.10.10.2", port: 80, server: "a1" },
    seen: { host: "10.10.10.1", a1: "10.10.10.2", a2: "10.10.10.3" },
  },
  {
    what: "a container on a network with isolate=false",
    ...{ protocol: "tcp", address: "10.50.0.2", port: 80, server: "e1" },
    seen: {
      host: "10.50.0.1",
      a1: "10.50.0.1",
      a2: "10.50.0.1",
      b1: "10.50.0.1",
      c1: "10.50.0.1",
      e1: "10.50.0.2",
      r1: "10.60.0.2",
    },
  },
  {
    what: "a published port of a container on a routed network",
    ...{ protocol: "tcp", address: "10.60.0.2", port: 80, server: "r1" },
    seen: {
      outside: "192.0.2.2",
      host: "10.60.0.1",
      a1: "10.60.0.1",
      a2: "10.60.0.1",
      b1: "10.60.0.1",
      c1: "10.60.0.1",
      e1: "10.60.0.1",
      r1: "10.60.0.2",
    },
  },
  {
    what: "another port of it",
    ...{ protocol: "tcp", address: "10.60.0.2", port: 81, server: "r1" },
    seen: { host: "10.60.0.1", r1: "10.60.0.2" },
  },
  {
    what: "a neighbour of the one with icc=false, by the port its link opens",
    ...{ protocol: "tcp", address: "10.30.0.3", port: 5432, server: "c2" },
    seen: { host: "10.30.0.1", c1: "10.30.0.2" },
  },
  {
    what: "that neighbour by another port",
    ...{ protocol: "tcp", address: "10.30.0.3", port: 80, server: "c2" },
    seen: { host: "10.30.0.1" },
  },
  {
    what: "a neighbour of the one on the internal network",
    ...{ protocol: "tcp", address: "10.40.0.3", port: 80, server: "d2" },
    seen: { host: "10.40.0.1", d1: "10.40.0.2" },
  },
  {
    what: "another machine",
    ...{ protocol: "tcp", address: "192.0.2.2", port: 7, server: "outside" },
    seen: {
      outside: "192.0.2.2",
      host: "192.0.2.1",
      a1: "192.0.2.1",
      a2: "192.0.2.1",
      b1: "192.0.2.1",
      c1: "192.0.2.1",
      e1: "192.0.2.1",
      r1: "10.60.0.2",
    },
  },
];
