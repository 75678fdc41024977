import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Directory } from "../../../../src/api/index.js";
import { sweeperOf } from "../../../../src/kernel/orphans/sweeper-of.js";

/** A kernel of names, a store of names, and what happens between one look and the next. */
class Machine {
  readonly kernel = new Set<string>();
  readonly rows = new Set<string>();
  between: () => void = () => undefined;

  readonly sweeper = sweeperOf<string>({
    list: () => {
      const seen = [...this.kernel];
      this.between();
      return seen;
    },
    orphanOf: (what) => ({ kind: "thing", what, why: "no row has it" }),
    claims(wanted) {
      const paths = new Set(wanted.map((one) => ("path" in one ? one.path : "")));
      return (name) => paths.has(name);
    },
    free: (names) => {
      for (const name of names) this.kernel.delete(name);
    },
  });

  orphans(): ReturnType<Machine["sweeper"]["orphans"]> {
    return this.sweeper.orphans(() => {
      const wanted = [...this.rows].map((path): Directory => ({ kind: "directory", path }));
      this.between();
      return wanted;
    });
  }
}

/** Each life of a thing, one step after another: its row comes first and goes last. */
const life = [
  (machine: Machine, name: string) => machine.rows.add(name),
  (machine: Machine, name: string) => machine.kernel.add(name),
  (machine: Machine, name: string) => machine.kernel.delete(name),
  (machine: Machine, name: string) => machine.rows.delete(name),
];

describe("what is left over", () => {
  test("is what both looks show and no row has; it goes, and nothing else", async () => {
    const machine = new Machine();
    for (const name of ["a", "b", "c"]) machine.kernel.add(name);
    machine.rows.add("b");
    const orphans = await machine.orphans();
    expect(orphans.map(({ what }) => what)).toEqual(["a", "c"]);
    machine.kernel.add("d");
    await machine.sweeper.sweep(orphans);
    expect([...machine.kernel]).toEqual(["b", "d"]);
    await machine.sweeper.sweep(orphans);
  });

  test("is never what another command makes or takes away meanwhile, however its steps fall between the looks", async () => {
    const things = fc.array(fc.nat({ max: life.length }), { minLength: 1, maxLength: 4 });
    const pauses = fc.array(fc.array(fc.nat({ max: 3 }), { maxLength: 5 }), { minLength: 3, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(things, pauses, async (lived, steps) => {
        const machine = new Machine();
        machine.kernel.add("left");
        const ages = lived.map(() => 0);
        const grow = (at: number): void => {
          life[ages[at] ?? 0]?.(machine, `thing ${at}`);
          ages[at] = (ages[at] ?? 0) + 1;
        };
        for (const [at, age] of lived.entries()) for (let step = 0; step < age; step++) grow(at);
        const later = [...steps];
        machine.between = () => {
          for (const at of later.shift() ?? []) if (at < lived.length) grow(at);
        };
        expect((await machine.orphans()).map(({ what }) => what)).toEqual(["left"]);
      }),
      { numRuns: 2000 },
    );
  });
});
