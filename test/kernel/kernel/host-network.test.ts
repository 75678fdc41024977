import { execFileSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { readFileSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { hostNetwork } from "../../../src/kernel/host-network.js";
import { createNetns, dropNetns } from "../../../src/kernel/named-netns.js";
import { probePort } from "../../../src/kernel/port-probe.js";
import { countDescriptors, enterWorld, leaveWorld } from "./world.js";

const shell = (command: string) => execFileSync("sh", ["-ec", command], { stdio: ["ignore", "pipe", "pipe"] });

beforeAll(() => {
  enterWorld();
  shell(`
    ip link add up0 type veth peer name far0
    ip link set up0 up; ip link set far0 up
    ip address add 192.0.2.2/24 dev up0
    ip address add 2001:db8::2/64 dev up0 nodad
    ip route add default via 192.0.2.1
    ip route add 10.0.0.0/8 via 192.0.2.1
    ip link add inner type bridge; ip link set inner up; ip address add 172.20.0.1/16 dev inner
    ip link add v0 master inner type veth peer name v1
    ip link add quiet type bridge; ip link set quiet up; ip address add 169.254.1.1/16 scope link dev quiet
  `);
});
afterAll(() => leaveWorld());

describe("uplinks", () => {
  test("are where other machines are: not lo, not a bridge of local namespaces, not a link-local address", () => {
    writeFileSync("/proc/sys/net/ipv4/conf/up0/forwarding", "0");
    expect(hostNetwork.uplinks()).toEqual([{ name: "up0", forwarding: false }]);
    writeFileSync("/proc/sys/net/ipv4/conf/up0/forwarding", "1");
    expect(hostNetwork.uplinks()).toEqual([{ name: "up0", forwarding: true }]);
  });

  test("include a bridge that a gateway lies behind", () => {
    shell("ip route add 10.20.0.0/16 via 172.20.0.9");
    expect(hostNetwork.uplinks().map(({ name }) => name)).toEqual(["up0", "inner"]);
    shell("ip route del 10.20.0.0/16");
  });
});

test("routes are those of the main table, without default and link-local ones", () => {
  const routes = hostNetwork.routes();
  expect(routes).toEqual(
    expect.arrayContaining([
      { cidr: "192.0.2.0/24", link: "up0" },
      { cidr: "10.0.0.0/8", link: "up0" },
      { cidr: "172.20.0.0/16", link: "inner" },
      { cidr: "2001:db8::/64", link: "up0" },
    ]),
  );
  expect(routes.filter(({ cidr }) => /^(0\.0|127\.|fe80|ff00|::)/.test(cidr))).toEqual([]);
});

test("the range of ports that the kernel hands out", () => {
  const [first, last] = readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "utf8").split(/\s+/).map(Number);
  expect(hostNetwork.portRange()).toEqual({ first, last });
});

test("what a namespace holds", () => {
  createNetns("/run/netns/held");
  expect(hostNetwork.namespace("/run/netns/held")).toEqual({ links: ["lo"], hasDefaultRoute: false });
  shell(
    "nsenter --net=/run/netns/held sh -ec 'ip link add e0 up type bridge; ip address add 10.1.1.1/24 dev e0; ip route add default via 10.1.1.2'",
  );
  expect(hostNetwork.namespace("/run/netns/held")).toEqual({ links: ["lo", "e0"], hasDefaultRoute: true });
  dropNetns("/run/netns/held");
  expect(() => hostNetwork.namespace("/run/netns/held")).toThrow(expect.objectContaining({ kind: "not-found" }));
});

describe("a port", () => {
  const EADDRINUSE = 98;
  const EADDRNOTAVAIL = 99;
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });
  const listen = (port: number, host: string) =>
    new Promise<Server>((resolve) => {
      const server = createServer();
      closing.push(() => server.close());
      server.listen({ port, host, ipv6Only: host.includes(":") }, () => resolve(server));
    });
  const tcp = (hostPort: number, hostAddress?: string) =>
    probePort({ protocol: "tcp", hostPort, ...(hostAddress === undefined ? {} : { hostAddress }) });

  test.each(["0.0.0.0", "127.0.0.1", "192.0.2.2", "::", "2001:db8::2"])(
    "that tcp listens on at %s is taken",
    async (host) => {
      await listen(8080, host);
      expect(tcp(8080)).toBe(EADDRINUSE);
      expect(tcp(8081)).toBeUndefined();
      expect(hostNetwork.isPortFree({ protocol: "tcp", hostPort: 8080 })).toBe(false);
      expect(hostNetwork.isPortFree({ protocol: "udp", hostPort: 8080 })).toBe(true);
    },
  );

  test("of one address is free while another address has it", async () => {
    await listen(8080, "127.0.0.1");
    expect(tcp(8080, "192.0.2.2")).toBeUndefined();
    expect(tcp(8080, "127.0.0.1")).toBe(EADDRINUSE);
    expect(tcp(8080, "203.0.113.1")).toBe(EADDRNOTAVAIL);
  });

  test("is free again while old connections linger in TIME_WAIT", async () => {
    const server = await listen(8082, "127.0.0.1");
    server.on("connection", (socket) => socket.end());
    const client = connect(8082, "127.0.0.1").resume();
    await new Promise((resolve) => client.once("close", resolve));
    await new Promise((resolve) => server.close(resolve));
    expect(shell("ss -tanH state time-wait").toString()).toContain(":8082");
    expect(tcp(8082)).toBeUndefined();
  });

  test("that udp uses is taken, also by a socket that shares it", async () => {
    const socket = createSocket({ type: "udp4", reuseAddr: true });
    closing.push(() => socket.close());
    await new Promise<void>((resolve) => socket.bind(5353, resolve));
    expect(probePort({ protocol: "udp", hostPort: 5353 })).toBe(EADDRINUSE);
    expect(probePort({ protocol: "udp", hostPort: 5354 })).toBeUndefined();
  });

  test("of sctp is free, whether the kernel speaks it or not", () => {
    expect(probePort({ protocol: "sctp", hostPort: 9999 })).toBeUndefined();
  });

  test("is not kept by the question", () => {
    const before = countDescriptors();
    for (let count = 0; count < 5; count++) tcp(8083);
    expect(countDescriptors()).toBe(before);
  });
});
