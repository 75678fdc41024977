import { describe, expect, test } from "@jest/globals";
import type { PacketEffect } from "../../../src/api/index.js";
import { ruleFor as iptablesRule } from "../../../src/nat/iptables/rule-for.js";
import { ruleFor as nftablesElement } from "../../../src/nat/nftables/rule-for.js";

const owner = "f".repeat(64);
const net = { owner, bridge: "br0" } as const;
const isolate = { kind: "isolate", ...net, internal: true, open: true, pingable: true } as const;
const ports = { hostPort: 8000, containerPort: 80, count: 3 } as const;
const publish = { kind: "publish", ...net, protocol: "tcp", containerAddress: "10.0.0.2", ...ports } as const;

const effects: readonly (readonly [effect: PacketEffect, element: string, rule: RegExp])[] = [
  [
    { intent: publish, family: 4, port: 8002 },
    "element tcp . 8002 of map publish4",
    /^rule -A TSD-RANGE .*--dport 8000:8002/,
  ],
  [
    { intent: { ...publish, containerPort: 8000 }, family: 4, port: 8001 },
    "element tcp . 8000-8002 of map publish4_range",
    /^rule -A TSD-RANGE /,
  ],
  [
    { intent: { kind: "masquerade", ...net, subnet: "fd00::/64" }, family: 6 },
    "element br0 of set masquerade6",
    /^rule -A TSD-POSTROUTING -s fd00::\/64 ! -o br0 .* \(ip6tables\)$/,
  ],
  [
    {
      intent: { kind: "allow", ...net, protocol: "udp", address: "10.0.0.2", port: 53, count: 1 },
      family: 4,
      port: 53,
    },
    "element 10.0.0.2 . udp . 53 of set allow4",
    /^rule -A TSD-ALLOW -d 10\.0\.0\.2\/32 -p udp/,
  ],
  [
    { intent: isolate, aspect: "open", family: 4 },
    "element br0 of set open",
    /TSD-ALLOW -o br0 .* -j TSD-FROM-BRIDGES/,
  ],
  [{ intent: isolate, aspect: "pingable", family: 6 }, "element br0 of set pingable", /TSD-ALLOW .*ipv6-icmp/],
  [{ intent: isolate, aspect: "internal", family: 4 }, "element br0 of set internal", /TSD-INTERNAL .* -j DROP/],
  [
    { intent: isolate, aspect: "hairpin", family: 4 },
    "element br0 . br0 of set same_bridge",
    /POSTROUTING -i br0 -o br0/,
  ],
  [{ intent: isolate, aspect: "loopback", family: 4 }, "element br0 of set bridges", /-s 127\.0\.0\.0\/8 -o br0/],
  [{ intent: isolate, aspect: "else", family: 4 }, "element br0 of set bridges", /^last rule of chain TSD-INWARD/],
  [{ intent: isolate, aspect: "published", family: 4 }, 'rule "ct status dnat accept" of chain inward', /TSD-INWARD/],
];

test("a guard is in the table of bridges, by the address of the packet's family, and with iptables nowhere", () => {
  const addresses = ["10.0.0.2", "fd00::2", "fe80::2"];
  const intent = { kind: "guard", ...net, link: "veth0", mac: "02:00:00:00:00:02", addresses } as const;
  expect(nftablesElement({ intent, family: 4 })).toBe("element veth0 . 10.0.0.2 of set guard4 in table bridge tsd");
  expect(nftablesElement({ intent, family: 6 })).toBe("element veth0 . fd00::2 of set guard6 in table bridge tsd");
  expect(iptablesRule({ intent, family: 4 })).toBeUndefined();
});

describe("what does it is named", () => {
  test.each(effects)("%j", (effect, element, rule) => {
    expect(nftablesElement(effect)).toContain(element);
    expect(nftablesElement(effect)).toContain("table inet tsd");
    expect(iptablesRule(effect)).toMatch(rule);
  });
});
