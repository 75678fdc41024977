import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import type { NatIntent } from "../../../src/api/index.js";
import { elementsOf } from "../../../src/nat/nftables/intent-elements.js";
import { creation, deletion, type NftDocument } from "../../../src/nat/nftables/nft-json.js";
import { skeletonScript } from "../../../src/nat/nftables/skeleton.js";
import { allow, isolate, masquerade, publish } from "./intents.js";

/** `TSD_UPDATE_GOLDEN=1` writes what is made now; read the difference before you commit it. */
const update = process.env.TSD_UPDATE_GOLDEN === "1";

function expectGolden(name: string, text: string): void {
  const file = new URL(`golden/${name}`, import.meta.url);
  if (update) writeFileSync(file, text);
  expect(existsSync(file)).toBe(true);
  expect(text).toBe(readFileSync(file, "utf8"));
}

const cases: Readonly<Record<string, readonly NatIntent[]>> = {
  isolate: [isolate],
  masquerade: [masquerade],
  masquerade6: [{ ...masquerade, subnet: "fd00:10::/64" }],
  publish: [publish()],
  "publish-udp-at": [publish({ protocol: "udp", hostAddress: "127.0.0.1" })],
  "publish-range": [publish({ hostPort: 9000, containerPort: 9000, count: 11 })],
  "publish-range-at": [publish({ hostAddress: "192.0.2.1", hostPort: 9000, containerPort: 9000, count: 11 })],
  "publish-range-shifted": [publish({ hostPort: 9000, containerPort: 7000, count: 3 })],
  publish6: [publish({ containerAddress: "fd00:10:0::2" })],
  "publish6-range-at": [
    publish({ containerAddress: "fd00:10::2", hostAddress: "2001:DB8::1", hostPort: 1, containerPort: 1, count: 2 }),
  ],
  "icc-off": [{ ...isolate, apart: true }],
  internal: [{ ...isolate, internal: true }],
  "isolate-off": [{ ...isolate, open: true }],
  routed: [{ ...isolate, pingable: true }, allow(), allow({ port: 9000, count: 11, protocol: "udp" })],
  outbound: [
    { ...masquerade, address: "192.0.2.7" },
    { ...masquerade, subnet: "fd00:10::/64", address: "2001:db8::7" },
  ],
  link: [allow({ from: "10.10.10.3" }), allow({ port: 9000, count: 11, from: "10.10.10.3" })],
  link6: [allow({ address: "fd00:10:0::2", from: "fd00:10::3" })],
  network: [isolate, masquerade, publish(), publish({ hostPort: 8443, containerPort: 443 })],
};

test.each(Object.entries(cases))("%s makes the documented transactions", (name, intents) => {
  const elements = elementsOf(intents);
  expectGolden(`${name}.txt`, `create\n${lines(creation(elements))}delete\n${lines(deletion(elements))}`);
});

function lines({ nftables }: NftDocument): string {
  return nftables.map((command) => `  ${JSON.stringify(command)}\n`).join("");
}

test("the skeleton is the documented one", () => {
  expectGolden("skeleton.nft", skeletonScript());
});
