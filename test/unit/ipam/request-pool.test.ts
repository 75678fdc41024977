import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { PoolRequest, TakenRange } from "../../../src/api/index.js";
import { LeaseBook } from "../../../src/ipam/lease-book.js";
import type { SqliteStore } from "../../../src/store/sqlite-store.js";
import { failureOf, rehearse, TemporaryStore } from "../store/support/temporary-store.js";

let temporary: TemporaryStore;
let store: SqliteStore;
let ipam: LeaseBook;
beforeAll(() => {
  temporary = new TemporaryStore();
  store = temporary.open();
  ipam = new LeaseBook(store.leases);
});
afterAll(() => temporary[Symbol.dispose]());

function request(requested: Partial<PoolRequest>): PoolRequest {
  return { networkId: "n1", taken: [], ...requested };
}

const route = (cidr: string): TakenRange => ({ cidr, owner: `route ${cidr} dev eth0`, by: "host" });
const network = (name: string, cidr: string): TakenRange => ({
  cidr,
  owner: `network "${name}" (${cidr})`,
  by: "network",
});

describe("a pool of a given subnet", () => {
  test.each([
    [{ subnet: "10.10.10.0/24" }, { cidr: "10.10.10.0/24", gateway: "10.10.10.1" }],
    [{ subnet: "10.10.10.1/24" }, { cidr: "10.10.10.0/24", gateway: "10.10.10.1" }],
    [{ subnet: "10.10.10.77/24" }, { cidr: "10.10.10.0/24", gateway: "10.10.10.77" }],
    [
      { subnet: "10.10.10.77/24", gateway: "10.10.10.77" },
      { cidr: "10.10.10.0/24", gateway: "10.10.10.77" },
    ],
    [
      { subnet: "10.10.10.0/24", gateway: "10.10.10.254" },
      { cidr: "10.10.10.0/24", gateway: "10.10.10.254" },
    ],
    [{ subnet: "10.0.0.0/30" }, { cidr: "10.0.0.0/30", gateway: "10.0.0.1" }],
    [{ subnet: "FD00:10:0::/64" }, { cidr: "fd00:10::/64", gateway: "fd00:10::1" }],
    [{ subnet: "fd00:10::ff/126" }, { cidr: "fd00:10::fc/126", gateway: "fd00:10::ff" }],
    [
      { subnet: "10.10.10.0/24", range: "10.10.10.128/25" },
      { cidr: "10.10.10.0/24", gateway: "10.10.10.1", range: "10.10.10.128/25" },
    ],
    [
      { subnet: "10.10.10.0/24", range: "10.10.10.0/24" },
      { cidr: "10.10.10.0/24", gateway: "10.10.10.1", range: "10.10.10.0/24" },
    ],
    [
      { subnet: "fd00:10::/64", range: "fd00:10:0:0:8::/80" },
      { cidr: "fd00:10::/64", gateway: "fd00:10::1", range: "fd00:10:0:0:8::/80" },
    ],
    [
      { subnet: "fd00:10::/64", auxiliary: { a: "FD00:10::0:9", "b c": "fd00:10::a" } },
      { cidr: "fd00:10::/64", gateway: "fd00:10::1", auxiliary: { a: "fd00:10::9", "b c": "fd00:10::a" } },
    ],
    [
      { subnet: "10.10.10.0/24", auxiliary: {} },
      { cidr: "10.10.10.0/24", gateway: "10.10.10.1" },
    ],
    [
      { subnet: "10.10.10.0/29", range: "10.10.10.4/30", auxiliary: { out: "10.10.10.2" } },
      { cidr: "10.10.10.0/29", gateway: "10.10.10.1", range: "10.10.10.4/30", auxiliary: { out: "10.10.10.2" } },
    ],
  ])("%j is %j", (requested, pool) => {
    rehearse(store, () => expect(ipam.requestPool(request(requested))).toEqual(pool));
  });

  test.each([
    [
      { subnet: "10.10.10.1/24", gateway: "10.10.10.2" },
      "two gateways were given: 10.10.10.1 with the subnet, and 10.10.10.2",
    ],
    [{ subnet: "10.10.10.0/24", gateway: "10.10.11.1" }, "gateway 10.10.11.1 is outside subnet 10.10.10.0/24"],
    [{ subnet: "10.10.10.0/24", gateway: "fd00::1" }, "gateway fd00::1 is outside subnet 10.10.10.0/24"],
    [
      { subnet: "10.10.10.0/24", gateway: "10.10.10.0" },
      "gateway 10.10.10.0 is the network address of subnet 10.10.10.0/24",
    ],
    [{ subnet: "10.10.10.255/24" }, "gateway 10.10.10.255 is the broadcast address of subnet 10.10.10.0/24"],
    [{ subnet: "fd00::/64", gateway: "fd00::" }, "gateway fd00:: is the routers' address of subnet fd00::/64"],
    [
      { subnet: "10.10.10.0/24", gateway: "10.10.10" },
      'gateway "10.10.10" is not usable: "10.10.10" is not four numbers from 0 to 255',
    ],
    [{ subnet: "10.10.10.0/24", range: "10.10.11.0/25" }, "range 10.10.11.0/25 is outside subnet 10.10.10.0/24"],
    [{ subnet: "10.10.10.0/24", range: "10.10.0.0/16" }, "range 10.10.0.0/16 is outside subnet 10.10.10.0/24"],
    [{ subnet: "10.10.10.0/24", range: "10.10.10.130/25" }, "range 10.10.10.130/25 has host bits set"],
    [
      { subnet: "10.10.10.0/24", range: "10.10.10.1/32" },
      "range 10.10.10.1/32 of subnet 10.10.10.0/24 has no address for a container",
    ],
    [
      { subnet: "10.10.10.0/24", range: "10.10.10.0/31" },
      "range 10.10.10.0/31 of subnet 10.10.10.0/24 has no address for a container",
    ],
    [{ subnet: "10.0.0.0/31" }, "subnet 10.0.0.0/31 has no room for a gateway and a container"],
    [{ subnet: "10.0.0.1/32" }, "subnet 10.0.0.1/32 has no room for a gateway and a container"],
    [{ subnet: "fd00::/127" }, "subnet fd00::/127 has no room for a gateway and a container"],
    [{ subnet: "127.0.0.0/8" }, "subnet 127.0.0.0/8 reaches into 127.0.0.0/8 (loopback)"],
    [{ subnet: "0.0.0.0/0" }, "subnet 0.0.0.0/0 reaches into 0.0.0.0/8 (this network)"],
    [{ subnet: "224.1.0.0/16" }, "subnet 224.1.0.0/16 reaches into 224.0.0.0/4 (multicast)"],
    [{ subnet: "fe80::/64" }, "subnet fe80::/64 reaches into fe80::/10 (link-local)"],
    [
      { subnet: "10.0.0.0/24", auxiliary: { tv: "10.0.1.9" } },
      "auxiliary address tv=10.0.1.9 is outside subnet 10.0.0.0/24",
    ],
    [
      { subnet: "10.0.0.0/24", auxiliary: { tv: "FD00::9" } },
      "auxiliary address tv=fd00::9 is outside subnet 10.0.0.0/24",
    ],
    [
      { subnet: "10.0.0.0/24", auxiliary: { tv: "10.0.0.1" } },
      "auxiliary address tv=10.0.0.1 is the gateway of subnet 10.0.0.0/24",
    ],
    [
      { subnet: "10.0.0.0/24", auxiliary: { tv: "10.0.0.255" } },
      "auxiliary address tv=10.0.0.255 is the broadcast address of subnet 10.0.0.0/24",
    ],
    [
      { subnet: "fd00::/64", auxiliary: { tv: "fd00::9", radio: "fd00:0::9" } },
      'auxiliary address radio=fd00::9 is "tv" already',
    ],
    [
      { subnet: "10.0.0.0/24", auxiliary: { tv: "10.0.0" } },
      'auxiliary address tv=10.0.0 is not usable: "10.0.0" is not four numbers from 0 to 255',
    ],
    [{ subnet: "10.0.0.0/30", auxiliary: { tv: "10.0.0.2" } }, "subnet 10.0.0.0/30 has no address for a container"],
    [
      { subnet: "10.0.0.0/24", range: "10.0.0.8/31", auxiliary: { tv: "10.0.0.8", radio: "10.0.0.9" } },
      "range 10.0.0.8/31 of subnet 10.0.0.0/24 has no address for a container",
    ],
    [{ auxiliary: { tv: "10.0.0.9" } }, "auxiliary address tv=10.0.0.9 was given without a subnet"],
    [{ gateway: "10.0.0.1" }, "gateway 10.0.0.1 was given without a subnet"],
    [{ range: "10.0.0.0/24" }, "range 10.0.0.0/24 was given without a subnet"],
  ])("%j is refused", (requested, message) => {
    rehearse(store, () => {
      expect(failureOf(() => ipam.requestPool(request(requested)))).toMatchObject({ kind: "invalid-input", message });
    });
  });

  const subnet = "10.10.10.0/24";
  test.each([
    [[network("a", "10.10.0.0/16")], false, 'network "a" (10.10.0.0/16)', "TSD_SUBNET_OVERLAP"],
    [[network("a", "10.10.10.128/30")], true, 'network "a" (10.10.10.128/30)', "TSD_SUBNET_OVERLAP"],
    [[route("10.0.0.0/8")], false, "route 10.0.0.0/8 dev eth0", "TSD_SUBNET_ON_HOST"],
    [[route("10.10.10.9/32")], false, "route 10.10.10.9/32 dev eth0", "TSD_SUBNET_ON_HOST"],
    [[route("10.0.0.0/8"), network("b", subnet)], true, `network "b" (${subnet})`, "TSD_SUBNET_OVERLAP"],
  ])("that overlaps %j (allowOverlap %s) is refused, naming the owner", (taken, allowOverlap, owner, code) => {
    rehearse(store, () => {
      expect(failureOf(() => ipam.requestPool(request({ subnet, taken, allowOverlap })))).toMatchObject({
        kind: "conflict",
        code,
        message: `subnet ${subnet} overlaps ${owner}`,
        details: { owner },
      });
    });
  });

  test("may overlap a route where that is wanted, and whatever only touches it", () => {
    rehearse(store, () => {
      const taken = [
        route("10.0.0.0/8"),
        network("a", "10.10.9.0/24"),
        network("b", "10.10.11.0/24"),
        route("fd00::/8"),
      ];
      expect(ipam.requestPool(request({ subnet, taken, allowOverlap: true })).cidr).toBe(subnet);
      const unreadable = [route("fe80::1%eth0/128"), route("nonsense")];
      expect(ipam.requestPool(request({ networkId: "n2", subnet, taken: unreadable })).cidr).toBe(subnet);
    });
    expect(failureOf(() => ipam.requestPool(request({ subnet, taken: [route("10.0.0.0/8")] })))).toHaveProperty(
      "hint",
      expect.stringContaining("--allow-overlap"),
    );
  });
});
