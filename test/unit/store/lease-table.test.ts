import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { SqliteStore } from "../../../src/store/sqlite-store.js";
import { failureOf, rehearse, TemporaryStore } from "./support/temporary-store.js";

let temporary: TemporaryStore;
let store: SqliteStore;
beforeAll(() => {
  temporary = new TemporaryStore();
  store = temporary.open();
});
afterAll(() => temporary[Symbol.dispose]());

/** Addresses at both ends of what a column must hold. */
const bases = [0n, 0x0a0a0a00n, 0xffffff00n, 0xfd00_0000_0000_0000_0000_0000_0000_0000n, 2n ** 128n - 256n];
const cidr = "a cidr";

interface ModelLease {
  readonly address: bigint;
  readonly holder: string | undefined;
}

/** Leases in the order of their return; held ones anywhere. */
class LeaseModel {
  leases: ModelLease[] = [];

  find(address: bigint): ModelLease | undefined {
    return this.leases.find((lease) => lease.address === address);
  }

  add(address: bigint, holder: string): void {
    this.leases = [...this.leases.filter((lease) => lease.address !== address), { address, holder }];
  }

  giveBack(holder: string, isDynamic: (address: bigint) => boolean): void {
    const returned = this.leases.filter((lease) => lease.holder === holder && isDynamic(lease.address));
    const rest = this.leases.filter((lease) => lease.holder !== holder);
    this.leases = [...rest, ...returned.map(({ address }) => ({ address, holder: undefined }))];
  }
}

type Step = { readonly verb: "lease"; readonly offset: number; readonly holder: string } | Return;
interface Return {
  readonly verb: "return";
  readonly holder: string;
}

const holders = fc.constantFrom("h1", "h2", "h3");
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ verb: fc.constant("lease"), offset: fc.nat({ max: 20 }), holder: holders }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant("return"), holder: holders }) },
);

describe("the lease table", () => {
  test("does what a plain list does, for addresses of any size", () => {
    fc.assert(
      fc.property(fc.constantFrom(...bases), fc.array(steps, { maxLength: 40 }), (base, sequence) =>
        rehearse(store, () => {
          const { leases } = store;
          const model = new LeaseModel();
          // Offsets 16 to 20 are outside the dynamic range.
          leases.addPool({ networkId: "n", cidr, ranges: [{ first: base, last: base + 15n, next: base }] });
          leases.addPool({ networkId: "other", cidr, ranges: [{ first: base, last: base + 15n, next: base }] });
          for (const step of sequence) {
            if (step.verb === "return") {
              leases.returnLeases(step.holder);
              model.giveBack(step.holder, (address) => address <= base + 15n);
              continue;
            }
            const address = base + BigInt(step.offset);
            const known = model.find(address);
            expect(leases.lease("n", cidr, address)?.holder).toBe(known?.holder);
            expect(leases.lease("n", cidr, address) === undefined).toBe(known === undefined);
            if (known?.holder !== undefined) {
              expect(failureOf(() => leases.addLease("n", cidr, address, step.holder))).toHaveProperty("message");
              continue;
            }
            leases.addLease("n", cidr, address, step.holder);
            model.add(address, step.holder);
          }
          const queue: (bigint | undefined)[] = [];
          for (let next = leases.oldestReturned("n", cidr); next !== undefined; ) {
            queue.push(next);
            leases.addLease("n", cidr, next, "drain");
            next = leases.oldestReturned("n", cidr);
          }
          const returned = model.leases.filter(({ holder }) => holder === undefined).map(({ address }) => address);
          expect(new Set(queue)).toEqual(new Set(returned));
          expect(leases.countLeases("n", cidr)).toBe(model.leases.length);
          expect(leases.countLeases("other", cidr)).toBe(0);
        }),
      ),
      { numRuns: 200 },
    );
  });

  test("gives back in the order of return", () => {
    rehearse(store, () => {
      const { leases } = store;
      leases.addPool({ networkId: "n", cidr, ranges: [{ first: 1n, last: 100n, next: 1n }] });
      for (const at of [5n, 9n, 2n, 7n]) leases.addLease("n", cidr, at, `holder of ${at}`);
      for (const at of [9n, 2n, 7n]) leases.returnLeases(`holder of ${at}`);
      expect(leases.oldestReturned("n", cidr)).toBe(9n);
      leases.addLease("n", cidr, 9n, "again");
      leases.returnLeases("again");
      const order: (bigint | undefined)[] = [];
      for (let at = 0; at < 3; at++) {
        const next = leases.oldestReturned("n", cidr);
        order.push(next);
        if (next !== undefined) leases.addLease("n", cidr, next, "taker");
      }
      expect(order).toEqual([2n, 7n, 9n]);
      expect(leases.oldestReturned("n", cidr)).toBeUndefined();
    });
  });

  test("keeps the frontier, and forgets everything with the network", () => {
    rehearse(store, () => {
      const { leases } = store;
      const last = 2n ** 128n - 1n;
      leases.addPool({ networkId: "n", cidr, ranges: [{ first: 1n, last, next: 1n }] });
      leases.advance("n", cidr, { first: 1n, next: last + 1n });
      expect(leases.pool("n", cidr)).toEqual({ networkId: "n", cidr, ranges: [{ first: 1n, last, next: last + 1n }] });
      leases.addLease("n", cidr, 3n, "h");
      leases.removePools("n");
      expect(leases.pool("n", cidr)).toBeUndefined();
      expect(leases.lease("n", cidr, 3n)).toBeUndefined();
      expect(leases.countLeases("n", cidr)).toBe(0);
    });
  });
});
