import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { ResolverListener } from "../../../src/api/index.js";
import { newId } from "../../../src/engine/rows/identifiers.js";
import { ownProgram } from "../../../src/installation.js";
import { readIfPresent } from "../../../src/kernel/files/read-if-present.js";
import { createNetns, dropNetns } from "../../../src/kernel/netns/named-netns.js";
import { processes, startOf } from "../../../src/kernel/process-identity.js";
import { startService } from "../../../src/kernel/programs/start-service.js";
import { resolverService } from "../../../src/resolver/resolver.js";
import { ResolverProvider } from "../../../src/resolver/resolver-provider.js";
import { resolverSweeper } from "../../../src/resolver/resolver-sweeper.js";
import { identityOf } from "../../../src/service/identity.js";
import type { OnDemandOptions, OnDemandService } from "../../../src/service/on-demand-service.js";
import { ServicePlace } from "../../../src/service/place.js";
import { openStore } from "../../../src/store/open-store.js";
import { VERSION } from "../../../src/version.js";
import { preloading } from "../../support/faults/preloading.js";
import { endOf } from "../../support/lab/process-end.js";
import { containerRow, endpointRow } from "../../unit/store/support/rows.js";
import { enterWorld, ip, leaveWorld, operationsInto } from "../kernel/world.js";

const environment = (directory: string) => ({ PATH: process.env.PATH ?? "", TSD_ROOT: root, TSD_RUN: directory });
const root = "/run/root";
const emptyRoot = "/run/empty-root";
const run = "/run/tsd";
const [one, two, ending] = [listenerIn("one"), listenerIn("two"), listenerIn("ending")];
function listenerIn(name: string): ResolverListener {
  return { kind: "resolver", netns: `/run/netns/${name}` };
}

function resolverAt(directory: string, more: Partial<OnDemandOptions> = {}): OnDemandService {
  return resolverService({
    directory: `${directory}/resolver`,
    argv: ownProgram("resolver"),
    env: environment(directory),
    identity: identityOf(VERSION, root),
    ...more,
  });
}

let resolver: OnDemandService;
let provider: ResolverProvider;
let place: ServicePlace;

function pid(): number {
  const holder = place.holder();
  if (holder === undefined) throw new Error("no resolver runs");
  return holder.pid;
}

beforeAll(() => {
  enterWorld();
  resolver = resolverAt(run);
  provider = new ResolverProvider(resolver);
  place = new ServicePlace(resolver.directory);
  mkdirSync(root);
  const store = openStore(`${root}/state.db`, { tsdVersion: VERSION });
  const list = (listener: ResolverListener, status: "running" | "stopping"): void => {
    const { container, ...row } = containerRow(newId(), listener.netns, status);
    const sandbox = {
      id: newId(),
      directory: "/run/x",
      hostname: "x",
      hosts: [],
      netns: listener.netns,
      maker: row.id,
    };
    store.containers.insert({ ...row, container: { ...container, sandbox }, resources: [listener] });
    const { endpoint, ...attachment } = endpointRow(newId(), "n", { containerId: row.id });
    store.endpoints.insert({ ...attachment, endpoint: { ...endpoint, netns: listener.netns } });
  };
  store.transaction(() => {
    for (const listener of [one, two, listenerIn("gone")]) list(listener, "running");
    list(ending, "stopping");
  });
  store.close();
  mkdirSync(emptyRoot);
  openStore(`${emptyRoot}/state.db`, { tsdVersion: VERSION }).close();
});
afterAll(() => leaveWorld());
beforeEach(() => {
  for (const { netns } of [one, two]) {
    createNetns(netns);
    ip("link set lo up", netns);
  }
});
afterEach(async () => {
  await resolver.end();
  for (const { netns } of [one, two]) dropNetns(netns);
  expect(existsSync(resolver.directory)).toBe(false);
});

describe("the resolver", () => {
  test("starts with the first namespace, for root alone and with nothing of its caller's, and ends with the last", async () => {
    expect(await provider.inspect([one])).toEqual([{ resource: one, problem: "missing" }]);
    await provider.ensure([one]);
    const first = pid();
    await provider.ensure([one, two]);
    expect(pid()).toBe(first);
    expect(await provider.inspect([one, two])).toEqual([]);
    expect(statSync(resolver.directory).mode & 0o777).toBe(0o700);
    expect(statSync(resolver.socket).mode & 0o777).toBe(0o600);
    const [, , , , , session] = readFileSync(`/proc/${first}/stat`, "utf8").split(" ");
    expect(session).toBe(String(first));
    await provider.remove([one]);
    expect(await provider.inspect([one, two])).toEqual([{ resource: one, problem: "missing" }]);
    await provider.remove([two]);
    await endOf(first);
    await provider.remove([one, two]);
    expect(existsSync(resolver.directory)).toBe(false);
  });

  test("is asked for nothing that it serves by the end of its start, and for all else", async () => {
    const asked = async (work: () => Promise<void>): Promise<number> =>
      (await operationsInto("process", work)).filter((request) => request.includes('"open"')).length;
    provider.prepare();
    expect(await asked(() => provider.ensure([one, two]))).toBe(0);
    expect(await provider.inspect([one, two])).toEqual([]);
    // It has said that once.
    dropNetns(two.netns);
    createNetns(two.netns);
    ip("link set lo up", two.netns);
    expect(await asked(() => provider.ensure([two]))).toBe(1);
    expect(await provider.inspect([one, two])).toEqual([]);
    await resolver.end();
    // None is there to reply to the first request.
    expect(await asked(() => provider.ensure([one]))).toBe(1);
    expect(await provider.inspect([one])).toEqual([]);
  });

  test("listens in all that can be, and says where it cannot", async () => {
    await expect(provider.ensure([ending, one])).rejects.toThrow(
      `cannot listen in ${ending.netns}: no container that runs has it`,
    );
    const gone = listenerIn("gone");
    await expect(provider.ensure([gone, one])).rejects.toThrow(
      "the resolver cannot listen in /run/netns/gone: there is no network namespace at /run/netns/gone",
    );
    expect(await provider.inspect([one])).toEqual([]);
  });

  test("follows a path to another namespace, and repairs rules that were lost", async () => {
    await provider.ensure([one]);
    dropNetns(one.netns);
    createNetns(one.netns);
    ip("link set lo up", one.netns);
    const lost = { resource: one, problem: "different", found: "nothing leads port 53 to it" };
    expect(await provider.inspect([one])).toEqual([lost]);
    await provider.ensure([one]);
    expect(await provider.inspect([one])).toEqual([]);
  });

  test.each([
    ["killed", "SIGKILL"],
    ["hung", "SIGSTOP"],
  ] as const)("that is %s is missed, keeps no namespace from being let go, and is replaced", async (_, signal) => {
    await provider.ensure([one, two]);
    const first = pid();
    process.kill(first, signal);
    if (signal === "SIGKILL") await endOf(first);
    expect(await provider.inspect([one, two])).toHaveLength(2);
    expect(await provider.inspect([one, two])).toHaveLength(2);
    await provider.remove([one]);
    expect(processes.isRunning({ pid: first, start: startOf(first) ?? 0 })).toBe(false);
    expect(existsSync(resolver.directory)).toBe(false);
    await provider.ensure([one, two]);
    process.kill(pid(), signal);
    await provider.ensure([one]);
    expect(await provider.inspect([one])).toEqual([]);
  });

  test("that replies late is there all the same", async () => {
    await provider.ensure([one]);
    const slow = pid();
    process.kill(slow, "SIGSTOP");
    const later = setTimeout(() => process.kill(slow, "SIGCONT"), 1500);
    expect(await provider.inspect([one])).toEqual([]);
    clearTimeout(later);
  });

  test("of another version is replaced by a command that makes something, and lets go for one that removes", async () => {
    const older = new ResolverProvider(resolverAt(run, { identity: "0.0.9" }));
    await provider.ensure([one, two]);
    const first = pid();
    expect(await older.inspect([one])).toHaveLength(1);
    await older.remove([one]);
    expect(pid()).toBe(first);
    expect(await provider.inspect([one, two])).toHaveLength(1);
    // What starts is of this version again.
    await expect(older.ensure([one])).rejects.toThrow("cannot be started");
    expect(existsSync(`/proc/${first}`)).toBe(false);
  });

  test("is one, however many commands start it, and loses no namespace that comes as the last goes", async () => {
    await Promise.all([1, 2, 3].map(() => resolverAt(run).serve([one.netns])));
    const runs = readdirSync("/proc").filter((name) => commandOf(name).includes("dist/resolver.cjs"));
    expect(runs).toEqual([String(pid())]);
    await provider.remove([one, two]);
    for (let round = 0; round < 10; round++) {
      const [going, coming] = round % 2 === 0 ? [one, two] : [two, one];
      await provider.ensure([going]);
      // It listens in whatever the store lists once it starts.
      await provider.remove([coming]);
      await Promise.all([resolverAt(run).leave([going.netns]), resolverAt(run).serve([coming.netns])]);
      expect(await provider.inspect([coming])).toEqual([]);
    }
  });

  test("that starts for nothing ends by itself", async () => {
    const env = { ...environment(run), TSD_ROOT: emptyRoot };
    expect(await startService(ownProgram("resolver"), { env, patience: 20_000 })).toBe(
      JSON.stringify({ state: "ready", identity: identityOf(VERSION, emptyRoot), served: [] }),
    );
    await endOf(pid());
    expect(existsSync(resolver.directory)).toBe(false);
  });

  test("works in a directory whose path is too long for a socket, and says why it cannot start", async () => {
    const far = `/run/${"far/".repeat(30)}`;
    await resolverAt(far).serve([one.netns]);
    expect(await resolverAt(far).serving([one.netns])).toEqual([{ subject: one.netns, isIntact: true }]);
    await resolverAt(far).leave([one.netns, two.netns]);
    expect(existsSync(`${far}/resolver`)).toBe(false);
    const env = { ...environment(run), TSD_ROOT: "/run/nothing" };
    await expect(resolverAt(run, { env }).serve([one.netns])).rejects.toThrow(/cannot be started: .*\/run\/nothing/);
    await expect(resolverAt(run, { argv: ["true"] }).serve([])).rejects.toThrow("it ended before it was ready");
  });

  test("is an orphan without containers, and so is a namespace that none has", async () => {
    const sweeper = resolverSweeper(resolver);
    expect(await sweeper.orphans(() => [])).toEqual([]);
    await provider.ensure([one, two]);
    const listener = { kind: "listener", what: one.netns, why: "no container has it" };
    expect(await sweeper.orphans(() => [two])).toEqual([listener]);
    await sweeper.sweep([listener]);
    expect(await sweeper.orphans(() => [two])).toEqual([]);
    process.kill(pid(), "SIGSTOP");
    const whole = { kind: "resolver", what: resolver.directory, why: "no container needs it" };
    expect(await sweeper.orphans(() => [])).toEqual([whole]);
    await sweeper.sweep([whole]);
    expect(existsSync(resolver.directory)).toBe(false);
  });

  test("killed before and after each of its steps is followed by one that is whole", async () => {
    const preload = resolve("test/support/faults/kill-at.mjs");
    let kills = 0;
    for (; ; kills++) {
      const env = { ...environment(run), TSD_TEST_KILL_AT: String(kills), ...preloading(preload) };
      const doomed = resolverAt(run, { env });
      const outcome = await doomed
        .serve([one.netns])
        .then(() => doomed.leave([one.netns]))
        .then(
          () => "whole",
          () => "killed",
        );
      if (outcome === "whole" && !existsSync(resolver.directory)) break;
      await provider.ensure([one, two]);
      expect(await provider.inspect([one, two])).toEqual([]);
      await provider.remove([one, two]);
      expect(existsSync(resolver.directory)).toBe(false);
    }
    expect(kills).toBeGreaterThan(6);
  });
});

function commandOf(name: string): string {
  return /^\d+$/.test(name) ? (readIfPresent(`/proc/${name}/cmdline`) ?? "") : "";
}
