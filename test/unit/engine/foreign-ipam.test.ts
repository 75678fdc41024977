import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { OrphanCollector } from "../../../src/engine/drift/orphan-collector.js";
import { DebtSweeper } from "../../../src/engine/ipam/debt-sweeper.js";
import { expectAgreement, expectNothingLeft } from "../../support/engine/agreement.js";
import type { TsdProcess } from "../../support/engine/tsd-process.js";
import { foreignNamespaces, World } from "../../support/engine/world.js";

const [netns] = foreignNamespaces;

let world: World;
let tsd: TsdProcess;
beforeEach(async () => {
  world = new World("ledger");
  tsd = await world.commandOnNetwork();
});
afterEach(() => world[Symbol.dispose]());

const attach = (spec: object = {}): Promise<unknown> => tsd.endpoints.attach({ network: "n", netns, ...spec });
const ledger = (): readonly string[] => [...world.ipam.ledger.values()].flat();
const run = (spec: object = {}): Promise<unknown> =>
  tsd.containers.runDetached({ image: "busybox", name: "c", networks: [{ network: "n" }], ...spec });

describe("what the driver learns", () => {
  test("of a pool: what the user asks for, and what is taken", async () => {
    await tsd.networks.create({
      name: "m",
      subnets: ["10.9.0.0/24"],
      gateways: ["10.9.0.254"],
      ipam: { driver: "ledger", options: { site: "x" } },
    });
    expect(world.ipam.asked.at(-1)).toMatchObject({
      ...{ networkName: "m", subnet: "10.9.0.0/24", gateway: "10.9.0.254", family: 4, options: { site: "x" } },
      taken: expect.arrayContaining([expect.objectContaining({ cidr: "10.1.0.0/24", by: "network" })]),
    });
    expect(tsd.networks.inspect("m").network).toMatchObject({ ipam: { driver: "ledger", options: { site: "x" } } });
  });

  test("of an address: whose it will be, and what others have", async () => {
    await run({ networks: [{ network: "n", address: "10.1.0.9", mac: "02:42:00:00:00:01" }] });
    await attach();
    expect(world.ipam.asked.slice(-2)).toMatchObject([
      {
        address: "10.1.0.9",
        container: "c",
        mac: "02:42:00:00:00:01",
        leased: ["10.1.0.1"],
        pool: { cidr: "10.1.0.0/24" },
      },
      { leased: ["10.1.0.1", "10.1.0.9"] },
    ]);
    expectAgreement(world);
  });

  test("a pool and an address for each family", async () => {
    await tsd.networks.create({ name: "m", ipv6: true });
    const { addresses } = await tsd.endpoints.attach({ network: "m", netns });
    expect(addresses).toEqual(["10.77.0.100/24", "fd00:77::100/64"]);
    expectAgreement(world);
  });
});

describe("a container", () => {
  test("asks again at each start, and its address is free while it does not run", async () => {
    await run();
    expect(ledger()).toEqual(["10.1.0.0/24", "10.1.0.100"]);
    await tsd.containers.stop("c");
    expect(ledger()).toEqual(["10.1.0.0/24"]);
    await attach();
    await tsd.containers.start("c");
    expect(ledger()).toEqual(["10.1.0.0/24", "10.1.0.100", "10.1.0.101"]);
    expectAgreement(world);
  });

  test("keeps what it asked for from tsd's other containers while it does not run", async () => {
    await run({ networks: [{ network: "n", address: "10.1.0.9" }] });
    await tsd.containers.stop("c");
    await expect(attach({ address: "10.1.0.9" })).rejects.toMatchObject({
      message: expect.stringContaining('container "c"'),
    });
    expect(ledger()).toEqual(["10.1.0.0/24"]);
    await tsd.containers.start("c");
    expect(ledger()).toEqual(["10.1.0.0/24", "10.1.0.9"]);
  });

  test("has its networks asked one after another, and gives all back where one fails", async () => {
    await tsd.networks.create({ name: "m", subnets: ["10.2.0.0/24"] });
    await tsd.networks.create({ name: "own", subnets: ["10.3.0.0/24"], ipam: { driver: "default" } });
    const networks = [{ network: "own" }, { network: "n" }, { network: "m" }];
    world.ipam.answers.push("10.1.0.50", "10.1.0.51");
    await expect(run({ networks })).rejects.toMatchObject({ kind: "plugin" });
    expect(ledger()).toEqual(["10.1.0.0/24", "10.2.0.0/24"]);
    await run({ networks });
    expectAgreement(world);
  });
});

describe("an answer that cannot be used", () => {
  test.each([
    [
      "outside the pool",
      "10.9.0.5",
      "plugin",
      /proposeAddress of IPAM driver "ledger" returned: .*10\.9\.0\.5 is outside subnet 10\.1\.0\.0\/24/,
    ],
    ["with a prefix", "10.1.0.5/24", "plugin", /"10\.1\.0\.5\/24" is not/],
    ["of the other family", "fd00::5", "plugin", /fd00::5/],
    ["no address", "\u001b[2J", "plugin", /proposeAddress of IPAM driver "ledger"/],
    ["that tsd leased to another", "10.1.0.1", "conflict", /proposeAddress .* address 10\.1\.0\.1 is the gateway/],
  ])("is refused: %s", async (_what, answer, kind, message) => {
    const before = world.snapshot();
    world.ipam.answers.push(answer);
    await expect(attach()).rejects.toMatchObject({ kind, message: expect.stringMatching(message) });
    expect(world.snapshot()).toEqual(before);
  });

  test("is refused: another address than the one that was asked for", async () => {
    world.ipam.answers.push("10.1.0.6");
    await expect(attach({ address: "10.1.0.5" })).rejects.toMatchObject({
      message: expect.stringContaining("where 10.1.0.5 was asked for"),
    });
    expect(ledger()).toEqual(["10.1.0.0/24"]);
  });

  test.each([
    [
      "a malformed subnet",
      { cidr: "10.5.0.0/33", gateway: "10.5.0.1" },
      "plugin",
      /proposePool of IPAM driver "ledger".*10\.5\.0\.0\/33/,
    ],
    ["a gateway outside", { cidr: "10.5.0.0/24", gateway: "10.6.0.1" }, "plugin", /gateway 10\.6\.0\.1 is outside/],
    ["a subnet of another network", { cidr: "10.1.0.0/16", gateway: "10.1.0.1" }, "conflict", /overlaps network "n"/],
    [
      "a subnet of the host",
      { cidr: "192.0.2.0/24", gateway: "192.0.2.1" },
      "conflict",
      /overlaps nameserver 192\.0\.2\.53/,
    ],
    ["a sixteenth of IPv4", { cidr: "16.0.0.0/4", gateway: "16.0.0.1" }, "plugin", /16\.0\.0\.0\/4 is wider than/],
    ["link-local addresses", { cidr: "169.254.0.0/16", gateway: "169.254.0.1" }, "plugin", /\(link-local\)/],
    ["another family", { cidr: "fd00::/64", gateway: "fd00::1" }, "plugin", /is of IPv6 where IPv4 was asked for/],
  ])("is refused: %s", async (_what, answer, kind, message) => {
    const before = world.snapshot();
    world.ipam.answers.push(answer);
    await expect(tsd.networks.create({ name: "m" })).rejects.toMatchObject({
      kind,
      message: expect.stringMatching(message),
    });
    expect(world.snapshot()).toEqual(before);
  });

  test("is refused: another subnet or gateway than those that were asked for", async () => {
    world.ipam.answers.push({ cidr: "10.6.0.0/24", gateway: "10.6.0.1" }, { cidr: "10.5.0.0/24", gateway: "10.5.0.2" });
    const create = () => tsd.networks.create({ name: "m", subnets: ["10.5.0.1/24"] });
    await expect(create()).rejects.toMatchObject({
      message: expect.stringContaining("10.6.0.0/24 came where 10.5.0.0/24"),
    });
    await expect(create()).rejects.toMatchObject({ message: expect.stringContaining("10.5.0.2 came where 10.5.0.1") });
  });
});

test("what the user asks for in vain is refused before the driver is asked", async () => {
  const asked = world.ipam.asked.length;
  await expect(attach({ address: "10.9.0.1" })).rejects.toMatchObject({ code: "TSD_ADDRESS_OUTSIDE" });
  for (const subnets of [["10.1.0.0/33"], ["10.1.0.0/16"]])
    await expect(tsd.networks.create({ name: "m", subnets })).rejects.toThrow();
  expect(world.ipam.asked).toHaveLength(asked);
});

test("a network that is removed while its driver proposes an address leaves nothing there", async () => {
  const other = await world.command();
  world.ipam.meanwhile = () => other.networks.remove("n");
  await expect(attach()).rejects.toMatchObject({ kind: "not-found" });
  expect(ledger()).toEqual([]);
});

test("a network that another takes the place of meanwhile has its own driver asked", async () => {
  const other = await world.command();
  world.ipam.meanwhile = async () => {
    world.ipam.meanwhile = async () => undefined;
    await other.networks.remove("n");
    await other.networks.create({ name: "n", subnets: ["10.1.0.0/24"] });
  };
  await attach();
  expectAgreement(world);
});

describe("a driver that fails to release", () => {
  test("keeps no endpoint and no network, and the next command that has it again asks it", async () => {
    await attach();
    const [{ id } = { id: "" }] = tsd.endpoints.list();
    world.ipam.isInstalled = false;
    await tsd.endpoints.detach(id);
    await tsd.networks.remove("n");
    expect(tsd.warnings).toEqual([
      expect.stringMatching(
        /IPAM lease of endpoint [0-9a-f]{12} on network "n" from driver "ledger" is not released: no plug-in brings/,
      ),
      expect.stringContaining('lease of network "n"'),
    ]);
    expect([...tsd.endpoints.list(), ...world.store.networks.list()]).toEqual([]);
    expect((await world.command()).warnings).toEqual([]);
    expect(ledger()).toHaveLength(2);
    world.ipam.isInstalled = true;
    await world.command();
    expectNothingLeft(world);
  });

  test("is asked again after a while", async () => {
    world.ipam.isDown = true;
    await tsd.networks.remove("n");
    expect(tsd.warnings).toEqual([expect.stringContaining("the ledger is closed; tsd tries again later")]);
    world.ipam.isDown = false;
    expect((await world.command()).warnings).toEqual([]);
    const [debt] = world.store.debts.list();
    if (debt?.failure === undefined) throw new Error("nothing is left to be released");
    const failure = { ...debt.failure, at: "2026-01-01T00:00:00Z" };
    world.store.transaction(() => world.store.debts.put({ ...debt, failure }));
    await world.command();
    expectNothingLeft(world);
  });

  test("has what it holds shown as an orphan, asked for at once, and forgotten where it is gone", async () => {
    await attach();
    world.ipam.isInstalled = false;
    for (const { id } of tsd.endpoints.list()) await tsd.endpoints.detach(id);
    const collector = new OrphanCollector({
      ...tsd.parts,
      sweepers: async () => [new DebtSweeper(tsd.parts, tsd.debts)],
    });
    const [orphan] = await collector.find();
    expect(orphan).toMatchObject({ kind: "IPAM lease", what: expect.stringContaining('on network "n"') });
    world.ipam.isInstalled = true;
    expect(await collector.free()).toEqual({ freed: [orphan], left: [] });
    expect(ledger()).toEqual(["10.1.0.0/24"]);
    world.ipam.isInstalled = false;
    await tsd.networks.remove("n");
    expect(await collector.free()).toMatchObject({ freed: [{ kind: "IPAM lease" }], left: [] });
    expect(world.store.debts.list()).toEqual([]);
  });

  test("is forgotten by force, if it does not release either", async () => {
    world.ipam.isDown = true;
    await tsd.networks.remove("n");
    const collector = new OrphanCollector({
      ...tsd.parts,
      sweepers: async () => [new DebtSweeper(tsd.parts, tsd.debts)],
    });
    expect(await collector.free()).toMatchObject({ freed: [], left: [{ kind: "IPAM lease" }] });
    expect(await collector.free({ force: true })).toMatchObject({ freed: [{ kind: "IPAM lease" }], left: [] });
    expect(world.store.debts.list()).toEqual([]);
  });

  test("does not hide why a command failed", async () => {
    world.ipam.answers.push("nonsense");
    world.ipam.isDown = true;
    await expect(attach()).rejects.toMatchObject({ code: "TSD_IPAM_ANSWER" });
    expect(world.store.debts.list()).toMatchObject([
      { networkName: "n", failure: { message: "the ledger is closed" } },
    ]);
  });
});

describe("an IPAM driver and its options", () => {
  const create = (ipam: { driver: string; options?: Record<string, string> }) =>
    tsd.networks.create({ name: "m", ipam });

  test("that there is not is refused with those that there are", async () => {
    await expect(create({ driver: "acme" })).rejects.toMatchObject({
      code: "TSD_IPAM_UNKNOWN",
      hint: "Use one of: default, ledger.",
    });
  });

  test("are checked by the driver, and refused for tsd's own", async () => {
    await expect(create({ driver: "ledger", options: { x: "1" } })).rejects.toMatchObject({ code: "TSD_TEST_OPTION" });
    await expect(create({ driver: "default", options: { x: "1" } })).rejects.toMatchObject({ code: "TSD_IPAM_OPTION" });
  });

  test("that is gone is named where an address is needed", async () => {
    world.ipam.isInstalled = false;
    await expect(attach()).rejects.toMatchObject({
      code: "TSD_IPAM_MISSING",
      message: expect.stringContaining('"ledger"'),
    });
  });
});
