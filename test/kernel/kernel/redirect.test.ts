import { execFileSync } from "node:child_process";
import { createSocket, type Socket } from "node:dgram";
import { createServer, type Server } from "node:net";
import { constants } from "node:os";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { kernelError } from "../../../src/kernel/errno.js";
import { createNetns, dropNetns } from "../../../src/kernel/netns/named-netns.js";
import { inNetns } from "../../../src/kernel/netns/netns.js";
import { AvailableRedirect } from "../../../src/kernel/redirect/available-redirect.js";
import { openSockets } from "../../../src/kernel/redirect/bound-sockets.js";
import { IptablesRedirect } from "../../../src/kernel/redirect/iptables-redirect.js";
import { nftRedirect } from "../../../src/kernel/redirect/nft-redirect.js";
import type { Redirect } from "../../../src/kernel/redirect/redirect.js";
import { exchange } from "../../support/lab/dns-client.js";
import { enterWorld, ip, leaveWorld } from "./world.js";

const netns = "/run/netns/asking";
const address = Uint8Array.of(127, 0, 0, 11);
const service = { address: "127.0.0.11", port: 53 };
const open: (Socket | Server)[] = [];

/** Replies to everything by its name and what it got; returns its ports. */
function serve(name: string, at: Uint8Array, port = 0) {
  const { udp, tcp, ports } = inNetns(netns, () => openSockets(at, port));
  const datagrams = createSocket("udp4");
  datagrams.on("message", (text, from) => datagrams.send(`${name} ${text}`, from.port, from.address));
  datagrams.bind({ fd: udp });
  const streams = createServer((stream) => stream.on("data", (text) => stream.write(`${name} ${text}`)));
  streams.listen({ fd: tcp });
  open.push(datagrams, streams);
  return ports;
}

function inside(...argv: readonly string[]): string {
  return execFileSync("nsenter", [`--net=${netns}`, ...argv], { encoding: "utf8" });
}

beforeAll(() => enterWorld());
afterAll(() => leaveWorld());
beforeEach(() => {
  createNetns(netns);
  ip("link set lo up", netns);
});
afterEach(() => {
  for (const each of open.splice(0)) each.close();
  dropNetns(netns);
});

describe.each([
  ["by nftables", nftRedirect],
  ["by iptables over nftables", new IptablesRedirect("nft")],
  ["by iptables alone", new IptablesRedirect("legacy")],
] as const)("a port that leads elsewhere %s", (_, redirect) => {
  test("is reached by both protocols beside a program that has it of every address, and follows a change", async () => {
    const own = serve("own", Uint8Array.of(0, 0, 0, 0), 53);
    expect(own).toEqual({ udp: 53, tcp: 53 });
    expect(inNetns(netns, () => redirect.isInstalled())).toBe(false);
    for (const name of ["first", "second"]) {
      const to = serve(name, address);
      inNetns(netns, () => redirect.install({ address, from: 53, to }));
      for (const protocol of ["udp", "tcp"] as const) {
        expect(await exchange(netns, protocol, service, "?")).toBe(`${name} ? from 127.0.0.11:53`);
        expect(await exchange(netns, protocol, { address: "127.0.0.1", port: 53 }, "?")).toBe(
          "own ? from 127.0.0.1:53",
        );
      }
    }
    expect(inNetns(netns, () => redirect.isInstalled())).toBe(true);
    inside("sh", "-c", "nft flush ruleset; iptables-legacy -t nat -F");
    expect(inNetns(netns, () => redirect.isInstalled())).toBe(false);
    expect(await exchange(netns, "udp", service, "?")).toMatch(/^own /);
  });
});

test("by nftables takes no place in a table of connections, even where all others do", async () => {
  inNetns(netns, () => nftRedirect.install({ address, from: 53, to: serve("service", address) }));
  inside(
    "nft",
    "add table ip t; add chain ip t c { type filter hook output priority 0; }; add rule ip t c ct state new",
  );
  expect(await exchange(netns, "udp", service, "?")).toBe("service ? from 127.0.0.11:53");
  expect(await exchange(netns, "tcp", service, "?")).toBe("service ? from 127.0.0.11:53");
  serve("own", Uint8Array.of(127, 0, 0, 1), 5353);
  expect(await exchange(netns, "udp", { address: "127.0.0.1", port: 5353 }, "?")).toBe("own ? from 127.0.0.1:5353");
  const tracked = inside("conntrack", "-L").split("\n").filter(Boolean);
  expect(tracked.join("\n")).toMatch(/^udp .* dport=5353 .*$/);
});

test("is made another way where the kernel refuses the first", () => {
  const refusal = kernelError({ operation: "make nftables table", errno: constants.errno.ENOENT });
  const calls: string[] = [];
  const way = (name: string, fault?: unknown): Redirect => ({
    install() {
      calls.push(name);
      if (fault !== undefined) throw fault;
    },
    isInstalled: () => name === "second",
  });
  const redirected = { address, from: 53, to: { udp: 1, tcp: 2 } };
  const redirect = new AvailableRedirect(way("first", refusal), [way("second")]);
  redirect.install(redirected);
  redirect.install(redirected);
  expect(calls).toEqual(["first", "second", "second"]);
  expect(redirect.isInstalled()).toBe(true);
  expect(() => new AvailableRedirect(way("first", refusal), []).install(redirected)).toThrow("make nftables table");
  const lack = kernelError({ operation: "open a socket", errno: constants.errno.EMFILE });
  const waiting = new AvailableRedirect(way("first", lack), [way("second")]);
  expect(() => waiting.install(redirected)).toThrow("EMFILE");
  expect(waiting.isInstalled()).toBe(false);
});
