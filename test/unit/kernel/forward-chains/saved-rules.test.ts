import { expect, test } from "@jest/globals";
import { parseSavedTable } from "../../../../src/kernel/forward-chains/saved-rules.js";
import { allAt, lostIn } from "./lost.js";

/** Lines of FORWARD, whose policy is DROP, behind those of the chain `other`, and what is lost of a network's packets. */
const cases: Readonly<Record<string, readonly [lines: string, lost: readonly string[]]>> = {
  "the policy alone": ["", allAt(0)],
  "one that accepts everything": ["-A FORWARD -j ACCEPT", []],
  "ours by a wildcard and its subnet": [
    "-A FORWARD -i br-+ -j ACCEPT\n-A FORWARD -d 10.0.0.0/8 -j ACCEPT\n-A FORWARD -d fd00::/8 -j ACCEPT",
    [],
  ],
  "a part of our subnet": ["-A FORWARD -d 10.1.0.0/25 -j ACCEPT\n-A FORWARD -s 10.1.0.0/25 -j ACCEPT", allAt(2)],
  "replies and what is published": [
    "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A FORWARD -m conntrack --ctstate DNAT -j ACCEPT",
    ["way out 4 at 2", "way out 6 at 2"],
  ],
  "another's link, and conditions that cannot be known": [
    '-A FORWARD ! -i eth0 -o docker0 -j DROP\n-A FORWARD -m mark --mark 0x1 -j ACCEPT\n-A FORWARD -m set --match-set bad src -m comment --comment "a -j \\"DROP\\"" -j DROP',
    allAt(3),
  ],
  "what is not meant by a negation": ["-A FORWARD ! -o docker0 -j ACCEPT", []],
  "a chain that rejects the rest, behind others that log": [
    "-A other -m limit --limit 3/min -j LOG\n-A other -j REJECT --reject-with icmp-port-unreachable\n-A FORWARD -j LOG\n-A FORWARD -j other\n-A FORWARD -j ACCEPT",
    allAt(1),
  ],
  "a chain that returns": [
    "-A other -i br-a -j RETURN\n-A other -j DROP\n-A FORWARD -j other\n-A FORWARD -j ACCEPT",
    ["reply 4 at 0", "call 4 at 0", "reply 6 at 0", "call 6 at 0"],
  ],
  "a chain that is gone to, and never left": [
    "-A other -s 192.0.2.1/32 -j ACCEPT\n-A FORWARD -g other\n-A FORWARD -j ACCEPT",
    allAt(2),
  ],
  "a port and a protocol that no network has": ["-A FORWARD -p tcp -m tcp --dport 22:25 -j ACCEPT", allAt(1)],
};

test.each(Object.entries(cases))("a chain with %s", (_name, [lines, lost]) => {
  const { chains, drops } = parseSavedTable(`*filter\n:FORWARD DROP [0:0]\n:other - [0:0]\n${lines}\nCOMMIT\n`);
  const found = lostIn({ drops: drops.has("FORWARD"), rules: chains.get("FORWARD") ?? [], table: chains });
  expect([...found].sort()).toEqual([...lost].sort());
});

test("a chain in a circle has an end", () => {
  const { chains } = parseSavedTable(":FORWARD ACCEPT [0:0]\n:a - [0:0]\n-A a -j a\n-A FORWARD -j a\n");
  expect(lostIn({ drops: false, rules: chains.get("FORWARD") ?? [], table: chains })).toEqual([]);
});
