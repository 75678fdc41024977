import { describe, expect, test } from "@jest/globals";
import type { NetworkRow } from "../../../../src/contracts/index.js";
import { erasingManagers, strangersToFirewalld } from "../../../../src/engine/doctor/firewall-managers.js";
import { parseZones } from "../../../../src/kernel/host/firewalls.js";

const manager = (name: "firewalld" | "ufw", erasesIptables: boolean) => ({ name, erasesIptables });

test("firewalld's active zones name interfaces and subnets, whatever else is said", () => {
  const said =
    "public (default)\n  interfaces: eth0 eth1\ntrusted\n  sources: 10.88.0.0/16 fd00:88::/64\n  interfaces: br-a\nempty\n  interfaces: \n";
  expect([...parseZones(said)]).toEqual(["eth0", "eth1", "10.88.0.0/16", "fd00:88::/64", "br-a"]);
});

describe("a manager that erases iptables", () => {
  const managers = [manager("firewalld", true), manager("ufw", false)];

  test("is told where tsd's rules are there", () => {
    expect(erasingManagers({ managers, iptables: [] }, "iptables")).toEqual([
      {
        problem: expect.stringMatching(/^firewalld erases all rules of iptables/),
        remedy: expect.stringContaining("tsd nat use nftables"),
      },
    ]);
  });

  test.each(["nftables", "none", undefined])("does no harm with %s", (backend) =>
    expect(erasingManagers({ managers, iptables: [] }, backend)).toEqual([]),
  );
});

describe("a network that firewalld has in no zone", () => {
  const row = (name: string, ...cidrs: readonly string[]) => ({
    network: { name, subnets: cidrs.map((cidr) => ({ cidr })) },
    resources: [{ kind: "address", link: `br-${name}`, address: cidrs[0] }],
  });
  const rows = [
    row("a", "10.1.0.0/24"),
    row("b", "10.2.0.0/24", "fd00:2::/64"),
    { network: { name: "host", subnets: [] }, resources: [] },
  ] as unknown as readonly NetworkRow[];
  const told = (zoned: readonly string[] | undefined) =>
    strangersToFirewalld(
      {
        managers: [{ ...manager("firewalld", true), ...(zoned === undefined ? {} : { zoned: new Set(zoned) }) }],
        iptables: [],
      },
      rows,
    ).map(({ remedy }) => /--add-interface=(\S+)/.exec(remedy)?.[1]);

  test.each<[string, readonly string[] | undefined, readonly string[]]>([
    ["all but one", ["br-a", "eth0"], ["br-b"]],
    ["one family of two by its subnet", ["br-a", "10.2.0.0/24"], ["br-b"]],
    ["both families by their subnets", ["br-a", "10.2.0.0/24", "fd00:2::/64"], []],
    ["none", [], ["br-a", "br-b"]],
    ["what cannot be asked", undefined, []],
  ])("zones of %s", (_case, zoned, expected) => expect(told(zoned)).toEqual(expected));
});
