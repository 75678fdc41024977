import { execFileSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { NatBackend, NatIntent } from "../../../src/api/index.js";
import { allow, anyIntent, guard, isolate, masquerade, publish } from "../../unit/nat/intents.js";

export interface BackendUnderTest {
  readonly name: string;
  readonly make: () => NatBackend;
  /** All that the backend's kind of firewall holds in this namespace, as text. */
  readonly listing: () => string;
  /** Puts something of somebody else's into the firewall, and takes it out again. */
  readonly plant: () => void;
  readonly uproot: () => void;
  /** Whether it can keep endpoints from using what is not theirs. */
  readonly guards: boolean;
}

const stranger = "9".repeat(64);
const unguarded: readonly NatIntent[] = [
  isolate,
  masquerade,
  { ...masquerade, subnet: "fd00:10::/64" },
  { ...isolate, bridge: "br-apart", apart: true, pingable: true },
  { ...isolate, bridge: "br-inner", internal: true, open: true },
  { ...masquerade, bridge: "br-apart", address: "192.0.2.7" },
  { ...masquerade, bridge: "br-apart", subnet: "fd00:11::/64", address: "2001:db8::7" },
];
const ports: readonly NatIntent[] = [
  publish(),
  publish({ protocol: "udp", hostAddress: "127.0.0.1" }),
  publish({ hostPort: 9000, containerPort: 9000, count: 11 }),
  publish({ hostPort: 9000, containerPort: 9000, count: 11, hostAddress: "192.0.2.1", protocol: "udp" }),
  publish({ containerAddress: "fd00:10::2", hostAddress: "2001:db8::1" }),
  allow(),
  allow({ port: 6000, count: 11, protocol: "udp" }),
  allow({ from: "10.10.10.3" }),
  allow({ from: "fd00:10::3", address: "fd00:10::2", port: 6000, count: 11 }),
];

/** What any backend for NAT intents does, whatever it is made of. */
export function describeBackend({ name, make, listing, plant, uproot, guards }: BackendUnderTest): void {
  describe(`the backend ${name}`, () => {
    const network = guards ? [...unguarded, guard()] : unguarded;
    const everyTable = guards ? [isolate, guard()] : [isolate];
    let backend: NatBackend;
    let bare: string;

    beforeEach(async () => {
      plant();
      backend = make();
      await backend.ensure(everyTable);
      await backend.remove(everyTable);
      bare = listing();
    });

    afterEach(async () => {
      await backend.purge();
      uproot();
      expect(listing()).toBe("");
    });

    test("is usable here, and says its version", async () => {
      expect(await backend.probe()).toEqual({ usable: true, version: expect.stringMatching(/^\d+\.\d+/) });
      expect(listing()).toBe(bare);
    });

    test("finds what it made, and adopts it", async () => {
      await backend.ensure([...network, ...ports]);
      const full = listing();
      expect(full).not.toBe(bare);
      expect(await backend.inspect([...network, ...ports])).toEqual([]);
      await backend.ensure([...network, ...ports]);
      expect(listing()).toBe(full);
    });

    test("adds what is missing to what is there", async () => {
      await backend.ensure(network);
      await backend.ensure([...network, ...ports]);
      expect(await backend.inspect([...network, ...ports])).toEqual([]);
    });

    test("leaves nothing behind", async () => {
      await backend.ensure([...network, ...ports]);
      await backend.remove([...ports].reverse());
      expect(await backend.inspect(network)).toEqual([]);
      await backend.remove([...network].reverse());
      expect(listing()).toBe(bare);
    });

    test("leaves nothing behind of any intents", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyIntent, { maxLength: 6 }), fc.boolean(), async (intents, halfway) => {
          const made = withoutCollisions(intents).filter((intent) => guards || !asksForGuard(intent));
          await backend.ensure(halfway ? made.slice(0, made.length / 2) : made);
          await backend.remove(made);
          expect(listing()).toBe(bare);
        }),
        { numRuns: 25 },
      );
    }, 60_000);

    test("removes what is partly or wholly gone", async () => {
      await backend.remove([...network, ...ports]);
      await backend.ensure(ports.slice(0, 3));
      await backend.remove([...network, ...ports]);
      expect(listing()).toBe(bare);
      await backend.purge();
      await backend.remove([...network, ...ports]);
    });

    test("refuses a port that leads elsewhere, naming whose it is, and changes nothing", async () => {
      await backend.ensure([publish({ owner: stranger, containerAddress: "10.10.10.9" })]);
      const before = listing();
      await expect(backend.ensure([...network, publish()])).rejects.toThrow(
        expect.objectContaining({ kind: "conflict", message: expect.stringContaining(stranger.slice(0, 12)) }),
      );
      expect(listing()).toBe(before);
    });

    if (!guards)
      test("refuses a guard, and changes nothing", async () => {
        for (const intents of [[isolate, guard()], [{ ...isolate, guarded: true }]]) {
          await expect(backend.ensure(intents)).rejects.toThrow(
            expect.objectContaining({ kind: "unsupported", message: expect.stringContaining("antispoof=true") }),
          );
          expect(listing()).toBe(bare);
          await backend.remove(intents);
        }
      });

    test("does not remove what belongs to somebody else by now", async () => {
      const theirs = [publish({ owner: stranger, containerAddress: "10.10.10.9" }), { ...isolate, owner: stranger }];
      await backend.ensure(theirs);
      const before = listing();
      await backend.remove([isolate, publish()]);
      expect(listing()).toBe(before);
      await backend.remove(theirs);
    });

    test("reports what is missing and what is different", async () => {
      const other = publish({ owner: stranger, containerAddress: "10.10.10.9" });
      await backend.ensure([isolate, other]);
      expect(await backend.inspect([isolate, masquerade, publish()])).toEqual([
        { resource: masquerade, problem: "missing" },
        { resource: publish(), problem: "different", found: expect.stringContaining("10.10.10.9") },
      ]);
    });

    test("repairs after everything of it was erased", async () => {
      await backend.ensure([...network, ...ports]);
      const full = listing();
      await backend.purge();
      expect(await backend.inspect([isolate])).toEqual([{ resource: isolate, problem: "missing" }]);
      await backend.ensure([...network, ...ports]);
      expect(listing()).toBe(full);
    });

    test("finds what nobody wants, frees it, and leaves alone what somebody does", async () => {
      const wanted = [...network, ...ports];
      const unwanted = [
        publish({ owner: stranger, hostPort: 81 }),
        allow({ owner: stranger, port: 82, count: 2 }),
        { ...masquerade, owner: stranger, bridge: "br-gone" },
      ];
      await backend.ensure(wanted);
      const before = listing();
      expect(await backend.sweeper?.orphans(() => wanted)).toEqual([]);
      await backend.ensure(unwanted);
      const orphans = (await backend.sweeper?.orphans(() => wanted)) ?? [];
      expect(orphans.length).toBeGreaterThanOrEqual(unwanted.length);
      for (const { what } of orphans) expect(what).toContain(stranger.slice(0, 12));
      expect(await backend.sweeper?.orphans(() => [...wanted, ...unwanted])).toEqual([]);
      await backend.sweeper?.sweep(orphans);
      expect(listing()).toBe(before);
      await backend.sweeper?.sweep(orphans);
      await backend.remove(wanted);
      expect(listing()).toBe(bare);
    });

    test("takes for an orphan what leads elsewhere than its owner wants", async () => {
      await backend.ensure([isolate, publish({ containerAddress: "10.10.10.9" })]);
      const orphans = (await backend.sweeper?.orphans(() => [isolate, publish()])) ?? [];
      expect(orphans).toEqual([expect.objectContaining({ what: expect.stringContaining("10.10.10.9") })]);
      await backend.sweeper?.sweep(orphans);
      await backend.ensure([publish()]);
      expect(await backend.inspect([isolate, publish()])).toEqual([]);
      await backend.remove([publish(), isolate]);
    });

    test("has no orphans where it made nothing", async () => {
      await backend.purge();
      expect(await backend.sweeper?.orphans(() => [])).toEqual([]);
    });

    test("two at once do not harm each other", async () => {
      await backend.purge();
      const backends = [make(), make(), make(), make()];
      const part = (index: number) => [publish({ hostPort: 100 + index, owner: String(index).repeat(64) })];
      await Promise.all(backends.map((each, index) => each.ensure(part(index))));
      expect(await backend.inspect(backends.flatMap((_each, index) => part(index)))).toEqual([]);
      await Promise.all(backends.map((each, index) => each.remove(part(index))));
      // Ports need not have made all that a network does.
      await backend.ensure(everyTable);
      await backend.remove(everyTable);
      expect(listing()).toBe(bare);
    });

    test("describes what a shell can do in its place, one change on top of the other", async () => {
      const intents = [isolate, masquerade, ...ports];
      const before = listing();
      const planner = make();
      const made = await planner.describe("ensure", intents);
      expect(await planner.describe("ensure", intents)).toEqual([]);
      const removed = await planner.describe("remove", intents);
      expect((await planner.describe("remove", intents)).filter(isForRules)).toEqual([]);
      expect(listing()).toBe(before);
      shell(made);
      expect(await make().inspect(intents)).toEqual([]);
      expect(await make().describe("ensure", intents)).toEqual([]);
      shell(removed);
      expect(await make().inspect(intents)).toHaveLength(intents.length);
      expect(listing()).toBe(bare);
      await backend.ensure(intents);
      shell(await make().describePurge());
      const purged = listing();
      await backend.ensure(intents);
      await backend.purge();
      expect(listing()).toBe(purged);
    });
  });
}

function shell(commands: readonly string[]): void {
  for (const command of commands.filter(isForRules)) execFileSync("sh", ["-c", command]);
}

/** Not for flows, of which there are none here: conntrack(8) calls that a failure. */
function isForRules(command: string): boolean {
  return !command.startsWith("conntrack ");
}

/** Intents that no two of which want the same bridge or port, as the store guarantees. */
function withoutCollisions(intents: readonly NatIntent[]): readonly NatIntent[] {
  const seen = new Set<string>();
  return intents.filter((intent) => {
    const claims = claimsOf(intent);
    if (claims.some((claim) => seen.has(claim))) return false;
    for (const claim of claims) seen.add(claim);
    return true;
  });
}

function asksForGuard(intent: NatIntent): boolean {
  return intent.kind === "guard" || (intent.kind === "isolate" && intent.guarded === true);
}

function claimsOf(intent: NatIntent): readonly string[] {
  switch (intent.kind) {
    case "publish":
      return Array.from({ length: intent.count }, (_, index) => `${intent.protocol} ${intent.hostPort + index}`);
    case "allow":
      return [`allow ${intent.address}`];
    case "guard":
      return [`guard ${intent.link}`];
    case "masquerade":
    case "isolate":
      return [`${intent.kind} ${intent.bridge}`];
  }
}
