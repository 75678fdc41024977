import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { NatBackend, NatIntent } from "../../../src/api/index.js";
import { allow, isolate, masquerade, publish } from "../../unit/nat/intents.js";

export interface SkeletonUnderTest {
  readonly name: string;
  readonly make: (mark?: string) => NatBackend;
  /** All of tsd's chains and rules in this namespace, as text; elements of sets in any order. */
  readonly listing: () => string;
  /** Intents that use every table. */
  readonly intents: readonly NatIntent[];
  /** Ways in which another hand breaks what is there, as it is once the intents are made. */
  readonly damages: () => Readonly<Record<string, () => unknown>>;
  /** Those of them that a change by an intent meets, and must mend by itself. */
  readonly met: readonly string[];
}

const theirMark = "fedcba9876543210";
const stranger = "9".repeat(64);

/** What any backend does whose rules stand on a skeleton. */
export function describeSkeleton({ name, make, listing, intents, damages, met }: SkeletonUnderTest): void {
  describe(`the skeleton of ${name}`, () => {
    let whole: string;

    beforeAll(async () => {
      await make().ensure(intents);
      whole = listing();
    });

    afterAll(async () => make().purge());

    test("is sound where nobody touched it", async () => {
      expect(await make().skeleton?.inspect()).toEqual([]);
      expect(await make().skeleton?.describeRepair()).toEqual([]);
    });

    test("shows every damage, and is what it was after a repair", async () => {
      const backend = make();
      const missed: string[] = [];
      for (const [what, damage] of Object.entries(damages())) {
        damage();
        const drift = await backend.inspect(intents);
        const told = (await backend.skeleton?.inspect()) ?? [];
        if (told.length + drift.length === 0) missed.push(`not seen: ${what}`);
        if (told.length > 0) await backend.skeleton?.repair();
        // What intents have is theirs to bring back, and only where the damage took it.
        if (drift.length > 0) await backend.ensure(intents);
        if (listing() !== whole) missed.push(`not repaired: ${what}`);
      }
      expect(missed).toEqual([]);
    }, 300_000);

    test("is mended by what meets its damage", async () => {
      for (const what of met) {
        damages()[what]?.();
        await make().ensure([...intents, publish({ hostPort: 8443 })]);
        await make().remove([publish({ hostPort: 8443 })]);
        expect({ what, drift: await make().inspect(intents) }).toEqual({ what, drift: [] });
        await make().skeleton?.repair();
        expect(listing()).toBe(whole);
      }
    }, 60_000);

    test("is repaired by several at once, while others come and go", async () => {
      const others = [0, 1].map((index) =>
        publish({ owner: stranger.replace("9", String(index)), hostPort: 100 + index }),
      );
      for (const what of met) {
        damages()[what]?.();
        await Promise.all([
          ...[make(), make(), make()].map((each) => each.skeleton?.repair()),
          ...others.map(async (other) => {
            await make(theirMark).ensure([other]);
            await make(theirMark).remove([other]);
          }),
        ]);
        // Another hand may have taken elements with their set.
        await make().ensure(intents);
        expect({ what, damage: await make().skeleton?.inspect() }).toEqual({ what, damage: [] });
        expect(listing()).toBe(whole);
      }
    }, 60_000);

    test("describes a repair that a shell can do in its place", async () => {
      damages()[met[0] ?? ""]?.();
      const planner = make();
      const commands = (await planner.skeleton?.describeRepair()) ?? [];
      expect(commands).not.toEqual([]);
      expect(await planner.skeleton?.describeRepair()).toEqual([]);
      for (const command of commands) execFileSync("sh", ["-c", command]);
      expect(await make().skeleton?.inspect()).toEqual([]);
      expect(listing()).toBe(whole);
    });
  });

  describe(`two installations with ${name}`, () => {
    const ours = [isolate, masquerade, publish(), publish({ hostPort: 9000, containerPort: 9000, count: 5 }), allow()];
    const theirs = [
      { ...isolate, owner: stranger, bridge: "br-theirs" },
      { ...masquerade, owner: stranger, bridge: "br-theirs", subnet: "10.20.0.0/24" },
      publish({ owner: stranger, hostPort: 81 }),
      allow({ owner: stranger, address: "10.20.0.2" }),
    ];

    test("a purge takes one's own, and the last takes the skeleton too", async () => {
      const [a, b] = [make(), make(theirMark)];
      await a.ensure(ours);
      await b.ensure(theirs);
      await a.purge();
      expect(await a.inspect(ours)).toHaveLength(ours.length);
      expect(await b.inspect(theirs)).toEqual([]);
      expect(await b.skeleton?.inspect()).toEqual([]);
      await a.ensure(ours);
      await Promise.all([a.purge(), b.purge()]);
      expect(listing()).toBe("");
    });

    test("neither takes the other's rules for damage or for orphans", async () => {
      const [a, b] = [make(), make(theirMark)];
      await a.ensure(ours);
      await b.ensure(theirs);
      expect(await a.skeleton?.inspect()).toEqual([]);
      expect(await a.sweeper?.orphans(() => ours)).toEqual([]);
      expect(await a.sweeper?.orphans(() => [])).not.toEqual([]);
      await a.skeleton?.repair();
      expect(await b.inspect(theirs)).toEqual([]);
      await a.purge();
      await b.purge();
    });

    test("a purge meets the other's changes, and none is lost", async () => {
      const b = make(theirMark);
      for (let round = 0; round < 5; round++) {
        await make().ensure(ours);
        await Promise.all([make().purge(), b.ensure(theirs)]);
        expect(await b.inspect(theirs)).toEqual([]);
        await make().ensure(ours);
        await Promise.all([make().purge(), b.remove(theirs)]);
        await b.purge();
        expect(listing()).toBe("");
      }
    }, 60_000);

    test("what is refused takes nothing of the other's with it, be it alike to the last address", async () => {
      const [a, b] = [make(), make(theirMark)];
      const alike = ours.map((intent) => ({ ...intent, owner: stranger }));
      await b.ensure(alike);
      const before = listing();
      for (const intent of ours) {
        await expect(a.ensure([intent])).rejects.toThrow(expect.objectContaining({ kind: "conflict" }));
        await a.remove([intent]);
      }
      await a.remove(ours);
      expect(listing()).toBe(before);
      await b.purge();
    });

    test("what an earlier version left without a mark goes with its rows, and with a purge that knows them", async () => {
      const unmarked = make("");
      const owners = new Set(ours.map(({ owner }) => owner));
      await make().ensure(theirs);
      await unmarked.ensure(ours);
      expect(await make().inspect(ours)).toEqual([]);
      await make().ensure(ours);
      await make().remove([publish()]);
      expect(await make().inspect([publish()])).toHaveLength(1);
      await make(theirMark).purge();
      expect(await make().inspect([isolate])).toEqual([]);
      await make().purge(owners);
      expect(listing()).toBe("");
    });
  });
}
