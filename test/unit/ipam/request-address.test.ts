import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { PoolLimit } from "../../../src/contracts/index.js";
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

/** All of `count` addresses of a /24 or /120, by their last number. */
interface Shape {
  readonly subnet: string;
  readonly gateway: number;
  readonly range?: string;
  /** Parts of it that addresses come from alone, and what no container gets of them. */
  readonly limit?: Pick<PoolLimit, "blocks" | "reserved">;
  /** By their last numbers too. */
  readonly auxiliary?: Readonly<Record<string, number>>;
  /** The addresses for containers, in the order of taking. */
  readonly dynamic: readonly number[];
  /** Those that may be asked for by name beside them. */
  readonly others: readonly number[];
  readonly write: (last: number) => string;
}

const numbers = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at);
const v4 = (last: number): string => `10.9.8.${last}`;
const v6 = (last: number): string => `fd00::${last.toString(16)}`;
const shapes: readonly Shape[] = [
  { subnet: "10.9.8.0/30", gateway: 1, dynamic: [2], others: [], write: v4 },
  { subnet: "10.9.8.0/29", gateway: 4, dynamic: [1, 2, 3, 5, 6], others: [], write: v4 },
  { subnet: "10.9.8.0/28", gateway: 1, range: "10.9.8.8/30", dynamic: numbers(8, 11), others: [2, 7, 14], write: v4 },
  { subnet: "10.9.8.0/28", gateway: 13, range: "10.9.8.12/30", dynamic: [12, 14], others: [1, 11], write: v4 },
  { subnet: "10.9.8.0/29", gateway: 2, auxiliary: { a: 1, b: 5 }, dynamic: [3, 4, 6], others: [], write: v4 },
  {
    subnet: "fd00::/124",
    gateway: 1,
    range: "fd00::8/126",
    auxiliary: { router: 9, "the printer": 2 },
    dynamic: [8, 10, 11],
    others: [3],
    write: v6,
  },
  {
    subnet: "10.9.8.0/27",
    gateway: 1,
    limit: {
      blocks: ["10.9.8.16/30", "10.9.8.0/30"],
      reserved: [
        { what: "this host", address: "10.9.8.16" },
        { what: "another host", address: "10.9.8.18" },
      ],
    },
    dynamic: [17, 19, 2, 3],
    others: [4, 15, 20, 30],
    write: v4,
  },
  { subnet: "fd00::/125", gateway: 1, dynamic: numbers(2, 7), others: [], write: v6 },
  { subnet: "fd00::/124", gateway: 9, range: "fd00::/126", dynamic: [1, 2, 3], others: [4, 15], write: v6 },
];

/** The rule in its simplest form: the lowest address never used, else the one that was given back longest ago. */
class Model {
  private readonly held = new Map<number, string>();
  private readonly used = new Set<number>();
  private returned: number[] = [];

  constructor(private readonly shape: Shape) {}

  next(): number | undefined {
    return this.shape.dynamic.find((address) => !this.used.has(address)) ?? this.returned[0];
  }

  holder(address: number): string | undefined {
    return this.held.get(address);
  }

  take(address: number, holder: string): void {
    this.held.set(address, holder);
    this.used.add(address);
    this.returned = this.returned.filter((other) => other !== address);
  }

  giveBack(holder: string): void {
    for (const [address, other] of this.held) {
      if (other !== holder) continue;
      this.held.delete(address);
      if (this.shape.dynamic.includes(address)) this.returned.push(address);
    }
  }
}

interface Step {
  readonly verb: "next" | "particular" | "return";
  readonly holder: string;
  /** Which of the addresses, modulo their number. */
  readonly at: number;
}

const steps = fc.array(
  fc.record<Step>({
    verb: fc.constantFrom("next", "next", "particular", "return"),
    // One address each, as endpoints have.
    holder: fc.constantFrom("e1", "e2", "e3", "e4", "e5", "e6"),
    at: fc.nat(50),
  }),
  { maxLength: 60 },
);

function play(shape: Shape, sequence: readonly Step[]): void {
  const { networkId, cidr } = openPool(shape);
  const prefix = shape.subnet.split("/")[1];
  const model = new Model(shape);
  const holding = new Set<string>();
  for (const { verb, holder, at } of sequence) {
    if (verb === "return" || holding.has(holder)) {
      ipam.releaseAddresses(holder);
      model.giveBack(holder);
      holding.delete(holder);
      continue;
    }
    const all = [...shape.dynamic, ...shape.others];
    const wanted = verb === "next" ? model.next() : all[at % all.length];
    const request = { networkId, cidr, holder };
    const particular = verb === "next" || wanted === undefined ? {} : { address: shape.write(wanted) };
    const owner = wanted === undefined ? undefined : model.holder(wanted);
    const take = (): string => ipam.requestAddress({ ...request, ...particular });
    if (wanted === undefined) expect(failureOf(take)).toMatchObject({ kind: "exhausted" });
    else if (owner !== undefined)
      expect(failureOf(take)).toMatchObject({ kind: "conflict", details: { holder: owner } });
    else {
      expect(take()).toBe(`${shape.write(wanted)}/${prefix}`);
      model.take(wanted, holder);
      holding.add(holder);
    }
  }
}

function openPool(shape: Shape): { networkId: string; cidr: string } {
  const { subnet, range, gateway, auxiliary = {}, write, limit } = shape;
  const requested = {
    ...(range === undefined ? {} : { range }),
    auxiliary: Object.fromEntries(Object.entries(auxiliary).map(([name, last]) => [name, write(last)])),
  };
  const { cidr } = ipam.requestPool({ networkId: "n1", taken: [], subnet, gateway: write(gateway), ...requested });
  if (limit !== undefined) ipam.limitPool({ networkId: "n1", cidr, ...limit });
  return { networkId: "n1", cidr };
}

describe("addresses of a pool", () => {
  test.each(shapes.map((shape) => [shape.subnet, shape.range ?? "all", shape] as const))(
    "of %s (range %s) are given as the rule says",
    (_subnet, _range, shape) => {
      fc.assert(
        fc.property(steps, (sequence) => rehearse(store, () => play(shape, sequence))),
        { numRuns: 100 },
      );
    },
  );

  test("run out with an error that has the pool's size, and go on with what came back first", () => {
    rehearse(store, () => {
      const cidr = "10.9.8.0/29";
      ipam.requestPool({ networkId: "n1", subnet: cidr, taken: [] });
      const take = (holder: string): string => ipam.requestAddress({ networkId: "n1", cidr, holder });
      expect(numbers(2, 6).map((at) => take(`e${at}`))).toEqual(numbers(2, 6).map((at) => `10.9.8.${at}/29`));
      expect(failureOf(() => take("late"))).toMatchObject({
        kind: "exhausted",
        code: "TSD_ADDRESS_NONE_FREE",
        message: "all 6 addresses of 10.9.8.0/29 are in use",
        details: { networkId: "n1", cidr, size: 6 },
      });
      for (const at of [5, 3, 4]) ipam.releaseAddresses(`e${at}`);
      expect(["a", "b", "c"].map(take)).toEqual(["10.9.8.5/29", "10.9.8.3/29", "10.9.8.4/29"]);
    });
  });

  test("of blocks run out with all of them in words, and go on with one more, each from where it was", () => {
    rehearse(store, () => {
      const cidr = "10.9.8.0/24";
      ipam.requestPool({ networkId: "n1", subnet: cidr, taken: [] });
      const limit = (...blocks: readonly string[]): void =>
        ipam.limitPool({ networkId: "n1", cidr, blocks, reserved: [{ what: "this host", address: "10.9.8.64" }] });
      const take = (holder: string): string => ipam.requestAddress({ networkId: "n1", cidr, holder });
      limit("10.9.8.64/30");
      expect(["a", "b"].map(take)).toEqual(["10.9.8.65/24", "10.9.8.66/24"]);
      ipam.releaseAddresses("a");
      limit("10.9.8.64/30", "10.9.8.8/31");
      expect(["c", "d", "e", "f"].map(take)).toEqual(["10.9.8.67/24", "10.9.8.8/24", "10.9.8.9/24", "10.9.8.65/24"]);
      expect(failureOf(() => take("g"))).toMatchObject({
        code: "TSD_ADDRESS_NONE_FREE",
        message: "all 6 addresses from 10.9.8.64 to 10.9.8.67 and from 10.9.8.8 to 10.9.8.9 in 10.9.8.0/24 are in use",
      });
      expect(
        failureOf(() => ipam.requestAddress({ networkId: "n1", cidr, holder: "h", address: "10.9.8.64" })),
      ).toMatchObject({ message: 'address 10.9.8.64 is reserved as "this host"' });
      // What came back of a block that is gone is not given again.
      ipam.releaseAddresses("b");
      for (const blocks of [["10.9.8.8/31"], []]) {
        limit(...blocks);
        expect(failureOf(() => take("i"))).toMatchObject({ code: "TSD_ADDRESS_NONE_FREE" });
      }
      limit("10.9.8.64/30");
      expect(take("i")).toBe("10.9.8.66/24");
    });
  });

  test("of a range run out with the range in words", () => {
    rehearse(store, () => {
      const cidr = "10.9.8.0/24";
      ipam.requestPool({ networkId: "n1", subnet: cidr, range: "10.9.8.64/31", taken: [] });
      for (const holder of ["a", "b"]) ipam.requestAddress({ networkId: "n1", cidr, holder });
      expect(failureOf(() => ipam.requestAddress({ networkId: "n1", cidr, holder: "c" }))).toHaveProperty(
        "message",
        "all 2 addresses from 10.9.8.64 to 10.9.8.65 in 10.9.8.0/24 are in use",
      );
    });
  });

  test.each([
    ["10.9.8.1", "conflict", "address 10.9.8.1 is the gateway"],
    ["10.9.8.2", "conflict", "address 10.9.8.2 is held by 0123456789ab"],
    ["10.9.8.3", "conflict", "address 10.9.8.3 is held by fedcba987654"],
    ["10.9.8.9", "conflict", 'address 10.9.8.9 is reserved as "the printer"'],
    ["10.9.8.0", "invalid-input", "address 10.9.8.0 is the network address of subnet 10.9.8.0/24"],
    ["10.9.8.255", "invalid-input", "address 10.9.8.255 is the broadcast address of subnet 10.9.8.0/24"],
    ["10.9.9.1", "invalid-input", "address 10.9.9.1 is outside subnet 10.9.8.0/24"],
    ["fd00::1", "invalid-input", "address fd00::1 is outside subnet 10.9.8.0/24"],
    [
      "10.9.8.02",
      "invalid-input",
      'address "10.9.8.02" is not usable: "10.9.8.02" has leading zeros, which can mean octal',
    ],
  ])("%s cannot be had", (address, kind, message) => {
    rehearse(store, () => {
      const cidr = "10.9.8.0/24";
      ipam.requestPool({ networkId: "n1", subnet: cidr, taken: [], auxiliary: { "the printer": "10.9.8.9" } });
      ipam.requestAddress({ networkId: "n1", cidr, holder: "0123456789abcdef" });
      ipam.requestAddress({ networkId: "n1", cidr, holder: "fedcba9876543210/n1", address: "10.9.8.3" });
      const take = (): string => ipam.requestAddress({ networkId: "n1", cidr, holder: "e2", address });
      expect(failureOf(take)).toMatchObject({ kind, message });
    });
  });

  test("of a /64 come from a frontier until 65 536 were used, then from those given back", () => {
    rehearse(store, () => {
      const cidr = "fd00:1::/64";
      ipam.requestPool({ networkId: "n1", subnet: cidr, taken: [] });
      const take = (holder: string): string => ipam.requestAddress({ networkId: "n1", cidr, holder });
      expect(take("a")).toBe("fd00:1::2/64");
      ipam.releaseAddresses("a");
      expect(take("b")).toBe("fd00:1::3/64");
      const first = store.leases.pool("n1", cidr)?.ranges[0]?.first ?? 0n;
      store.leases.advance("n1", cidr, { first, next: first + 65_536n });
      expect(take("c")).toBe("fd00:1::2/64");
      expect(take("d")).toBe("fd00:1::1:1/64");
    });
  });

  test("of both families belong to one holder and end with the network", () => {
    rehearse(store, () => {
      const cidrs = ["10.9.8.0/24", "fd00:1::/64"];
      for (const subnet of cidrs) ipam.requestPool({ networkId: "n1", subnet, taken: [] });
      const take = (holder: string): readonly string[] =>
        cidrs.map((cidr) => ipam.requestAddress({ networkId: "n1", cidr, holder }));
      expect(take("a")).toEqual(["10.9.8.2/24", "fd00:1::2/64"]);
      const particular = { networkId: "n1", cidr: "fd00:1::/64", address: "FD00:1:0:0:0:0:0:00A", holder: "b" };
      expect(ipam.requestAddress(particular)).toBe("fd00:1::a/64");
      ipam.releaseAddresses("a");
      expect(ipam.requestAddress({ ...particular, address: "fd00:1::2" })).toBe("fd00:1::2/64");
      ipam.releasePool("n1");
      for (const cidr of cidrs) expect(store.leases.pool("n1", cidr)).toBeUndefined();
    });
  });

  test("of a pool that is gone are an error, and a new pool of that network starts afresh", () => {
    rehearse(store, () => {
      const pool = { networkId: "n1", subnet: "10.9.8.0/24", taken: [] };
      const request = { networkId: "n1", cidr: "10.9.8.0/24", holder: "e1" };
      ipam.requestPool(pool);
      ipam.requestAddress(request);
      ipam.releasePool("n1");
      expect(failureOf(() => ipam.requestAddress(request))).toMatchObject({ code: "TSD_POOL_NOT_FOUND" });
      ipam.requestPool(pool);
      expect(ipam.requestAddress(request)).toBe("10.9.8.2/24");
    });
  });
});
