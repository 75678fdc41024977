import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "@jest/globals";
import type { NatIntent } from "../../../src/api/index.js";
import { allow, guard, isolate, masquerade, member, publish, segment, trunk } from "./intents.js";

interface GoldenCase {
  /** Heading in docs/rules.md. */
  readonly title: string;
  readonly intents: readonly NatIntent[];
}

/** One for each feature; the golden files beside are called by the keys. */
export const goldenCases: Readonly<Record<string, GoldenCase>> = {
  isolate: { title: "A network, kept apart from others", intents: [isolate] },
  masquerade: { title: "Its way out, under the host's address", intents: [masquerade] },
  masquerade6: { title: "The same for IPv6", intents: [{ ...masquerade, subnet: "fd00:10::/64" }] },
  outbound: {
    title: "Its way out, under a particular address",
    intents: [
      { ...masquerade, address: "192.0.2.7" },
      { ...masquerade, subnet: "fd00:10::/64", address: "2001:db8::7" },
    ],
  },
  "icc-off": { title: "Neighbours kept apart (icc=false)", intents: [{ ...isolate, apart: true }] },
  internal: { title: "An internal network", intents: [{ ...isolate, internal: true }] },
  "isolate-off": { title: "Open to other networks (isolate=false)", intents: [{ ...isolate, open: true }] },
  group: {
    title: "Links of a network without a bridge",
    intents: [
      { ...isolate, bridge: "veth22222222222", group: 0x4111_1111 },
      { ...masquerade, bridge: "veth22222222222", group: 0x4111_1111 },
    ],
  },
  "group-internal": {
    title: "The same of an internal network",
    intents: [{ ...isolate, bridge: "veth22222222222", group: 0x4111_1111, internal: true }],
  },
  routed: {
    title: "A routed network and its published ports",
    intents: [{ ...isolate, pingable: true }, allow(), allow({ port: 9000, count: 11, protocol: "udp" })],
  },
  link: {
    title: "A link, where neighbours are kept apart",
    intents: [allow({ from: "10.10.10.3" }), allow({ port: 9000, count: 11, from: "10.10.10.3" })],
  },
  link6: { title: "A link by IPv6", intents: [allow({ address: "fd00:10:0::2", from: "fd00:10::3" })] },
  publish: { title: "A published port", intents: [publish()] },
  "publish-udp-at": {
    title: "A port of UDP, published on 127.0.0.1",
    intents: [publish({ protocol: "udp", hostAddress: "127.0.0.1" })],
  },
  "publish-range": {
    title: "A range of ports",
    intents: [publish({ hostPort: 9000, containerPort: 9000, count: 11 })],
  },
  "publish-range-at": {
    title: "A range on one address of the host",
    intents: [publish({ hostAddress: "192.0.2.1", hostPort: 9000, containerPort: 9000, count: 11 })],
  },
  "publish-range-shifted": {
    title: "A range that leads to other ports",
    intents: [publish({ hostPort: 9000, containerPort: 7000, count: 3 })],
  },
  publish6: { title: "A published port of IPv6", intents: [publish({ containerAddress: "fd00:10:0::2" })] },
  "publish6-range-at": {
    title: "A range of IPv6 on one address of the host",
    intents: [
      publish({ containerAddress: "fd00:10::2", hostAddress: "2001:DB8::1", hostPort: 1, containerPort: 1, count: 2 }),
    ],
  },
  antispoof: {
    title: "Neighbours that cannot pose as others (antispoof=true)",
    intents: [guard()],
  },
  trunk: { title: "A network on several hosts", intents: [{ ...isolate, trunk }] },
  "trunk-internal": {
    title: "The same, internal, and neighbours kept apart",
    intents: [{ ...isolate, trunk, internal: true, apart: true }],
  },
  inlet: {
    title: "The same, where the tunnel is a port of the bridge",
    intents: [
      { ...isolate, inlet: { link: trunk, addresses: ["10.10.10.64", "fd00:10::1:0"] } },
      guard({ link: trunk, shared: true }),
    ],
  },
  remote: {
    title: "A network on several hosts of one link, without a tunnel",
    intents: [{ ...isolate, remote: { link: "eth0", subnets: ["10.10.10.0/24", "fd00:10::/64"] } }],
  },
  segment: {
    title: "Other hosts of it, in VXLAN",
    intents: [segment, member(), member({ address: "2001:DB8::2" })],
  },
  "segment-sealed": { title: "The same, encrypted", intents: [{ ...segment, link: "wg-111111111111" }, member()] },
  network: {
    title: "All of it in one change",
    intents: [isolate, masquerade, publish(), publish({ hostPort: 8443, containerPort: 443 })],
  },
};

/** `TSD_UPDATE_GOLDEN=1` writes what is made now; read the difference before you commit it. */
export function expectFile(path: string, text: string): void {
  if (process.env.TSD_UPDATE_GOLDEN === "1") writeFileSync(path, text);
  expect(text).toBe(readFileSync(path, "utf8"));
}

export function goldenPath(name: string): string {
  return `test/unit/nat/golden/${name}`;
}
