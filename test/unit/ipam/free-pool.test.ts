import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { PoolBase, PoolRequest, TakenRange } from "../../../src/api/index.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import { addressBits, readAddress } from "../../../src/ipam/address.js";
import { type Cidr, cidrAround, contains, formatCidr, holds, overlaps, parseCidr } from "../../../src/ipam/cidr.js";
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

type Requested = Partial<PoolRequest>;

function request(requested: Requested): PoolRequest {
  return { networkId: "n1", taken: [], ...requested };
}

const route = (cidr: string): TakenRange => ({ cidr, owner: `route ${cidr} dev eth0`, by: "host" });
const base = (text: string): PoolBase => {
  const [address, prefix, size] = text.split("/");
  return { base: `${address}/${prefix}`, size: Number(size) };
};
const parse = (text: string): Cidr => parseCidr(text, "x").cidr;

/** The CIDR of the pool, or undefined where all are taken. */
function find(requested: Requested): string | undefined {
  try {
    return ipam.requestPool(request(requested)).cidr;
  } catch (error) {
    if (TsdError.is(error, "exhausted")) return undefined;
    throw error;
  }
}

/** The rule in its simplest form: every pool of every base, one after the other, against everything that is taken. */
function model({ family, defaults = [], taken = [] }: Requested): string | undefined {
  for (const { base: text, size } of defaults) {
    const cidr = parse(text);
    const step = 1n << BigInt(addressBits[cidr.family] - size);
    for (let value = cidr.first; cidr.family === family && value <= cidr.last; value += step) {
      const pool = cidrAround({ family: cidr.family, value }, size);
      if (!taken.some((range) => overlaps(parse(range.cidr), pool))) return formatCidr(pool);
    }
  }
  return undefined;
}

/** Subnets of one small piece of each family, so that they collide, up to 2 ** `depth` of the smallest. */
function subnets(depth: number): fc.Arbitrary<Cidr> {
  return fc
    .record({
      family: fc.constantFrom<4 | 6>(4, 6),
      at: fc.bigInt({ min: 0n, max: 2n ** 10n - 1n }),
      depth: fc.nat(depth),
    })
    .map(({ family, at, depth: bits }) => {
      const start = parse(family === 4 ? "10.1.0.0/16" : "fd12:3456:789a::/48").first;
      const prefix = addressBits[family] - 12 + bits;
      return cidrAround({ family, value: start + (at << 2n) }, prefix);
    });
}

const bases = fc.array(
  fc.tuple(subnets(6), fc.nat(5)).map(
    ([cidr, deeper]): PoolBase => ({
      base: formatCidr(cidr),
      size: Math.min(cidr.prefix + deeper, addressBits[cidr.family] - 2),
    }),
  ),
  { minLength: 1, maxLength: 5 },
);
const obstacles = fc.array(
  subnets(12).map((cidr) => route(formatCidr(cidr))),
  { maxLength: 40 },
);

describe("a pool of no given subnet", () => {
  test.each([
    [[], "172.17.0.0/16"],
    [["172.17.4.0/24"], "172.18.0.0/16"],
    [["172.16.0.0/12"], "192.168.0.0/20"],
    [["172.16.0.0/12", "192.168.1.0/24"], "192.168.16.0/20"],
    [["172.16.0.0/12", "192.168.0.0/16", "10.0.0.0/15"], "10.2.0.0/16"],
  ])("clear of %j is %s", (cidrs, expected) => {
    rehearse(store, () => expect(find({ taken: cidrs.map(route) })).toBe(expected));
  });

  test.each([
    [4, ["10.5.0.0/16/24", "fd00:1::/48/64"], [], { cidr: "10.5.0.0/24", gateway: "10.5.0.1" }],
    [4, ["fd00:1::/48/64", "10.5.0.0/16/24"], [], { cidr: "10.5.0.0/24", gateway: "10.5.0.1" }],
    [
      4,
      ["10.5.0.0/23/24", "10.9.0.0/24/30"],
      ["10.5.0.0/24", "10.5.1.255/32"],
      { cidr: "10.9.0.0/30", gateway: "10.9.0.1" },
    ],
    [4, ["10.5.0.0/30/30"], ["fd00::/8"], { cidr: "10.5.0.0/30", gateway: "10.5.0.1" }],
    [4, ["10.5.0.0/16/24"], ["0.0.0.0/8", "10.5.0.128/25"], { cidr: "10.5.1.0/24", gateway: "10.5.1.1" }],
    [6, ["10.5.0.0/16/24", "FD00:1::/48/64"], [], { cidr: "fd00:1::/64", gateway: "fd00:1::1" }],
    [
      6,
      ["fd00:1::/48/64"],
      ["fd00:1::/63", "fd00:1:0:2::9/128"],
      { cidr: "fd00:1:0:3::/64", gateway: "fd00:1:0:3::1" },
    ],
    [6, ["fd00:1::/48/64", "fd00:2::/126/126"], ["fd00:1::/32"], { cidr: "fd00:2::/126", gateway: "fd00:2::1" }],
  ] as const)("of IPv%d out of %j, clear of %j, is %j", (family, bases, cidrs, pool) => {
    rehearse(store, () => {
      const requested = { family, defaults: bases.map(base), taken: cidrs.map(route) };
      expect(ipam.requestPool(request(requested))).toEqual(pool);
    });
  });

  test("is the first that is clear of everything, as a model finds it that tries them all", () => {
    let exhausted = 0;
    fc.assert(
      fc.property(fc.constantFrom<4 | 6>(4, 6), bases, obstacles, (family, defaults, taken) => {
        const ofFamily = defaults.filter((one) => parse(one.base).family === family);
        fc.pre(ofFamily.length > 0);
        const expected = model({ family, defaults, taken });
        if (expected === undefined) exhausted++;
        rehearse(store, () => expect(find({ family, defaults, taken })).toBe(expected));
      }),
      { numRuns: 1000 },
    );
    expect(exhausted).toBeGreaterThan(0);
  });

  test("is found at once behind all but the last of 65 536", () => {
    rehearse(store, () => {
      const taken = Array.from({ length: 65_535 }, (_, at) => route(`10.${at >> 8}.${at & 255}.0/24`)).reverse();
      expect(find({ defaults: [base("10.0.0.0/8/24")], taken })).toBe("10.255.255.0/24");
      expect(find({ networkId: "n2", defaults: [base("10.0.0.0/8/30")], taken: [route("10.0.0.0/9")] })).toBe(
        "10.128.0.0/30",
      );
    });
  });

  test("can be had 287 times", () => {
    rehearse(store, () => {
      const pools: TakenRange[] = [];
      for (let at = 0; at < 287; at++) {
        const { cidr, gateway } = ipam.requestPool({ networkId: `n${at}`, taken: pools });
        const address = readAddress(gateway);
        expect(address !== undefined && holds(parse(cidr), address)).toBe(true);
        pools.push({ cidr, owner: `network "n${at}" (${cidr})`, by: "network" });
      }
      expect(pools.some(({ cidr }) => contains(parse("10.255.0.0/16"), parse(cidr)))).toBe(true);
      expect(failureOf(() => ipam.requestPool({ networkId: "last", taken: pools }))).toMatchObject({
        kind: "exhausted",
        code: "TSD_SUBNET_NONE_FREE",
        message:
          "every default subnet collides: " +
          '172.17.0.0/16 to 172.31.0.0/16 with network "n0" (172.17.0.0/16), network "n1" (172.18.0.0/16), ' +
          'network "n2" (172.19.0.0/16) and 12 more; ' +
          '192.168.0.0/16 with network "n15" (192.168.0.0/20), network "n16" (192.168.16.0/20), ' +
          'network "n17" (192.168.32.0/20) and 13 more; ' +
          '10.0.0.0/8 with network "n31" (10.0.0.0/16), network "n32" (10.1.0.0/16), ' +
          'network "n33" (10.2.0.0/16) and 253 more',
      });
    });
  });
});

describe("no pool", () => {
  test.each([
    [
      undefined,
      ["172.16.0.0/12", "192.168.0.0/16", "10.0.0.0/8"],
      "172.17.0.0/16 to 172.31.0.0/16 with route 172.16.0.0/12 dev eth0; " +
        "192.168.0.0/16 with route 192.168.0.0/16 dev eth0; 10.0.0.0/8 with route 10.0.0.0/8 dev eth0",
    ],
    [
      ["10.1.0.0/24/24", "10.3.0.0/24/24", "10.5.0.0/24/26", "10.7.0.0/24/24", "10.9.0.0/24/24"],
      ["10.0.0.0/8"],
      "10.1.0.0/24, 10.3.0.0/24, 10.5.0.0/24 and 2 more with route 10.0.0.0/8 dev eth0",
    ],
    [
      ["10.1.0.0/24/24", "10.1.1.0/24/25", "10.1.2.0/24/25"],
      ["10.1.0.7/32", "10.1.1.0/24", "10.1.2.0/25", "10.1.2.128/25"],
      "10.1.0.0/24 with route 10.1.0.7/32 dev eth0; 10.1.1.0/24 to 10.1.2.0/24 with " +
        "route 10.1.1.0/24 dev eth0, route 10.1.2.0/25 dev eth0, route 10.1.2.128/25 dev eth0",
    ],
  ])("out of %j, with %j taken, says what collides with each base", (defaults, cidrs, message) => {
    const bases = defaults === undefined ? {} : { defaults: defaults.map(base) };
    expect(failureOf(() => ipam.requestPool(request({ taken: cidrs.map(route), ...bases })))).toMatchObject({
      kind: "exhausted",
      code: "TSD_SUBNET_NONE_FREE",
      message: `every default subnet collides: ${message}`,
    });
  });

  test.each([
    [6, undefined],
    [6, [base("10.0.0.0/8/24")]],
    [4, [base("fd00::/48/64")]],
    [4, []],
  ] as const)("of IPv%d comes out of %j, and the hint says how to get one", (family, defaults) => {
    const requested = { family, ...(defaults === undefined ? {} : { defaults }) };
    expect(failureOf(() => ipam.requestPool(request(requested)))).toMatchObject({
      kind: "invalid-input",
      code: "TSD_POOL_BASE_MISSING",
      message: `no default pool has IPv${family} subnets to choose from`,
      hint: "Give a subnet with --subnet, or a base of that family in default-address-pools.",
    });
  });

  const sized = (size: number): string => `size ${size} is not a prefix length of subnets of 10.0.0.0/8`;
  test.each([
    ["10.0.0.1/8", 24, ": base 10.0.0.1/8 has host bits set"],
    ["fd00::1/48", 64, ": base fd00::1/48 has host bits set"],
    ["10.0.0.0/33", 24, ' base "10.0.0.0/33" is not usable: "33" is not a prefix length from 0 to 32'],
    ["10.0.0.0", 24, ' base "10.0.0.0" is not usable: it has no prefix length'],
    ["ten", 24, ' base "ten" is not usable: "ten" is not an IP address'],
    ["127.0.0.0/8", 24, ": base 127.0.0.0/8 reaches into 127.0.0.0/8 (loopback)"],
    ["10.0.0.0/8", 7, `: ${sized(7)}`],
    ["10.0.0.0/8", 31, `: ${sized(31)}`],
    ["10.0.0.0/8", 24.5, `: ${sized(24.5)}`],
    ["10.0.0.0/8", Number.NaN, `: ${sized(Number.NaN)}`],
    ["10.0.0.0/31", 31, ": size 31 is not a prefix length of subnets of 10.0.0.0/31"],
    ["fd00::/48", 127, ": size 127 is not a prefix length of subnets of fd00::/48"],
    ["fd00::/48", 47, ": size 47 is not a prefix length of subnets of fd00::/48"],
  ])("is cut from base %j in size %d", (text, size, message) => {
    // Behind a base that would do.
    const defaults = [base("10.5.0.0/16/24"), { base: text, size }];
    expect(failureOf(() => ipam.requestPool(request({ defaults })))).toMatchObject({
      kind: "invalid-input",
      message: `default-address-pools${message}`,
    });
  });
});
