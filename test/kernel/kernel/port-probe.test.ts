import { execFileSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { connect, createServer, type Server } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { hostNetwork } from "../../../src/kernel/host/host-network.js";
import { probePort } from "../../../src/kernel/host/port-probe.js";
import { countDescriptors, enterWorld, leaveWorld } from "./world.js";

const shell = (command: string) => execFileSync("sh", ["-ec", command], { stdio: ["ignore", "pipe", "pipe"] });

beforeAll(() => {
  enterWorld();
  shell(`
    ip link add up0 type veth peer name far0
    ip link set up0 up; ip link set far0 up
    ip address add 192.0.2.2/24 dev up0
    ip address add 2001:db8::2/64 dev up0 nodad
  `);
});
afterAll(() => leaveWorld());

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

  test.each(["tcp", "udp", "sctp"] as const)(
    "of %s is of an address that the host has, or may come to have",
    (protocol) => {
      const can = (address: string) => hostNetwork.canBind(protocol, address);
      expect(["0.0.0.0", "::", "127.0.0.1", "192.0.2.2", "2001:db8::2"].map(can)).toEqual(Array(5).fill(true));
      if (protocol === "sctp") return;
      expect(["203.0.113.1", "2001:db8:7::1"].map(can)).toEqual([false, false]);
      shell("sysctl -qw net.ipv4.ip_nonlocal_bind=1 net.ipv6.ip_nonlocal_bind=1");
      expect(["203.0.113.1", "2001:db8:7::1"].map(can)).toEqual([true, true]);
      shell("sysctl -qw net.ipv4.ip_nonlocal_bind=0 net.ipv6.ip_nonlocal_bind=0");
    },
  );

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
