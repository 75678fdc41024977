import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { inputDrops } from "../../../src/kernel/forward-chains/forward-drops.js";
import { enterWorld, leaveWorld } from "../kernel/world.js";

const shell = (command: string) => execFileSync("sh", ["-ec", command], { encoding: "utf8" });
/** nft(8) wants an end of line behind each block. */
const nft = (text: string) => execFileSync("nft", ["-f", "-"], { input: `${text.replaceAll(" } }", "\n}\n}\n")}\n` });

beforeAll(() => {
  enterWorld();
});
afterAll(() => {
  shell("nft flush ruleset; iptables-legacy -F");
  leaveWorld();
});

test("what is for the host itself is dropped by chains of that hook", async () => {
  const frame = { from: "up0", to: "", family: 4, state: "new", protocol: "udp", port: 4789 } as const;
  const frames = ["192.0.2.9", "192.0.2.10"].map((source) => ({ ...frame, source, destination: "192.0.2.1" }));
  nft(`table inet a { chain f { type filter hook forward priority 0; policy drop; }
    chain i { type filter hook input priority 0; policy drop; ct state established accept; ip saddr 192.0.2.9 udp dport 4789 accept; } }`);
  shell("iptables-legacy -A INPUT -i up0 -p udp --dport 4789 -j DROP; iptables-legacy -A FORWARD -j DROP");
  expect(
    (await inputDrops(frames)).map(({ words, packets: lost }) => [words, lost.map(({ source }) => source)]),
  ).toEqual([
    ["table inet a, chain i (policy drop)", ["192.0.2.10"]],
    ["iptables-legacy table filter, chain INPUT (a rule of it)", ["192.0.2.9", "192.0.2.10"]],
  ]);
});
