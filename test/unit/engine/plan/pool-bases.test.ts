import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import ipaddr from "ipaddr.js";
import type { PoolBase } from "../../../../src/api/index.js";
import { poolBases } from "../../../../src/engine/plan/pool-bases.js";
import { LeaseBook } from "../../../../src/ipam/lease-book.js";
import type { SqliteStore } from "../../../../src/store/sqlite-store.js";
import { TemporaryStore } from "../../store/support/temporary-store.js";

let temporary: TemporaryStore;
let store: SqliteStore;
beforeEach(() => {
  temporary = new TemporaryStore();
  store = temporary.open();
});
afterEach(() => temporary[Symbol.dispose]());

function basesOf(family: 4 | 6, pools?: readonly PoolBase[]): readonly PoolBase[] | undefined {
  const settings = pools === undefined ? {} : { "default-address-pools": pools };
  return store.transaction(() => poolBases(store, settings, family));
}

const pool4 = { base: "10.80.0.0/12", size: 24 };
const pool6 = { base: "fd00:1::/48", size: 64 };

describe("the bases of free subnets", () => {
  test("are the address management's own for IPv4", () => {
    expect(basesOf(4)).toBeUndefined();
    expect(basesOf(4, [])).toBeUndefined();
    expect(basesOf(4, [pool6])).toBeUndefined();
  });

  test("are those of the settings for each family that they have one of", () => {
    expect(basesOf(4, [pool6, pool4])).toEqual([pool6, pool4]);
    expect(basesOf(6, [pool4, pool6])).toEqual([pool4, pool6]);
    expect(store.settings.get("ula")).toBeUndefined();
  });
});

describe("without a base for IPv6", () => {
  test.each([[undefined], [[pool4]]])("and with %j, /64s come from a random unique local prefix", (pools) => {
    const [base, other] = basesOf(6, pools) ?? [];
    expect(other).toBeUndefined();
    expect(base?.size).toBe(64);
    const [address, length] = ipaddr.parseCIDR(base?.base ?? "");
    expect(length).toBe(48);
    // RFC 4193 §3.1: fc00::/7 with the L bit set.
    expect(address.match(ipaddr.parseCIDR("fd00::/8"))).toBe(true);
    expect(ipaddr.IPv6.networkAddressFromCIDR(base?.base ?? "").toString()).toBe(address.toString());
  });

  test("it is chosen once and kept, and elsewhere it is another", () => {
    const base = basesOf(6);
    expect(basesOf(6)).toEqual(base);
    const reopened = temporary.open();
    expect(reopened.transaction(() => poolBases(reopened, {}, 6))).toEqual(base);
    using elsewhere = new TemporaryStore();
    const other = elsewhere.open();
    expect(other.transaction(() => poolBases(other, {}, 6))).not.toEqual(base);
  });

  test("the address management cuts subnets from it", () => {
    const addressBook = new LeaseBook(store.leases);
    const defaults = basesOf(6) ?? [];
    const pool = store.transaction(() => addressBook.requestPool({ networkId: "n", family: 6, taken: [], defaults }));
    const [subnet] = ipaddr.parseCIDR(pool.cidr);
    expect(subnet.match(ipaddr.parseCIDR(defaults[0]?.base ?? ""))).toBe(true);
    expect(pool.cidr).toMatch(/\/64$/);
  });
});
