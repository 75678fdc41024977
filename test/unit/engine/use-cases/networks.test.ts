import { describe, expect, test } from "@jest/globals";
import { expectAgreement, expectNothingLeft } from "../../../support/engine/agreement.js";
import { removeAll } from "../../../support/engine/operations.js";
import { foreignNamespaces, World } from "../../../support/engine/world.js";

const uplink = "net/ipv4/conf/uplink0/forwarding";

describe("a network", () => {
  test("is made as asked, found by name and id, and gone after its removal", async () => {
    using world = new World();
    const { networks } = await world.command();
    const made = await networks.create({
      name: "n",
      subnets: ["10.1.0.7/24"],
      ranges: ["10.1.0.128/25"],
      labels: { a: "b" },
      options: { "com.docker.network.driver.mtu": "1400" },
    });
    expect(made).toMatchObject({
      name: "n",
      driver: "bridge",
      subnets: [{ cidr: "10.1.0.0/24", gateway: "10.1.0.7", range: "10.1.0.128/25" }],
      labels: { a: "b" },
      options: { mtu: "1400" },
    });
    expectAgreement(world);
    for (const ref of ["n", made.id, made.id.slice(0, 6)]) expect(networks.inspect(ref).network).toEqual(made);
    expect(networks.list()[0]).toEqual(made);
    expect(await networks.remove(made.id.slice(0, 12))).toEqual(made);
    expectNothingLeft(world);
  });

  test("keeps name servers, which are addresses, and which need the resolver", async () => {
    using world = new World();
    const { networks } = await world.command();
    const made = await networks.create({ name: "n", dns: ["192.0.2.53", "fd00::53"] });
    expect(made).toMatchObject({ dns: ["192.0.2.53", "fd00::53"] });
    const refused = { kind: "invalid-input", message: expect.stringContaining('"resolver"') };
    await expect(networks.create({ name: "m", dns: ["resolver"] })).rejects.toMatchObject(refused);
    const both = networks.create({ name: "m", dns: ["192.0.2.53"], disableDns: true });
    await expect(both).rejects.toMatchObject({ code: "TSD_NETWORK_DNS" });
  });

  test("without a subnet gets one that nothing on the host uses", async () => {
    using world = new World();
    world.routes.push({ cidr: "172.17.0.0/16", link: "uplink0" });
    const { networks } = await world.command();
    const subnets = ["a", "b"].map(async (name) => (await networks.create({ name })).subnets[0]?.cidr);
    expect(await Promise.all(subnets)).toEqual(["172.18.0.0/16", "172.19.0.0/16"]);
  });

  test("that overlaps another is refused by that one's name, though its route is in the way as well", async () => {
    using world = new World();
    const { networks } = await world.command();
    const { id } = await networks.create({ name: "a", subnets: ["10.1.0.0/24"] });
    world.routes.push({ cidr: "10.1.0.0/24", link: `br-${id.slice(0, 12)}` });
    const again = networks.create({ name: "b", subnets: ["10.1.0.0/24"] });
    await expect(again).rejects.toMatchObject({
      code: "TSD_SUBNET_OVERLAP",
      message: 'subnet 10.1.0.0/24 overlaps network "a" (10.1.0.0/24)',
    });
  });

  test("that somebody uses is not removed, and the error names the users", async () => {
    using world = new World();
    const { networks, containers, endpoints } = await world.command();
    await networks.create({ name: "n" });
    const { id } = await containers.runDetached({ image: "busybox", name: "web", networks: [{ network: "n" }] });
    const endpoint = await endpoints.attach({ network: "n", netns: foreignNamespaces[0] });
    const container = `container "web" (${id.slice(0, 12)})`;
    await expect(networks.remove("n")).rejects.toMatchObject({
      kind: "conflict",
      code: "TSD_NETWORK_IN_USE",
      message: `network "n" is in use by ${container}, endpoint ${endpoint.id.slice(0, 12)} of namespace ${foreignNamespaces[0]}`,
    });
    expect(networks.inspect("n").endpoints).toMatchObject([{ container: { id, name: "web" } }, { endpoint }]);
    expect(await networks.prune()).toEqual([]);
    expectAgreement(world);
  });

  test("is pruned if nobody uses it, and no other program manages it", async () => {
    using world = new World();
    const { networks, endpoints } = await world.command();
    await networks.create({ name: "used" });
    const unused = await networks.create({ name: "unused" });
    const managed = await networks.create({ name: "managed", managedBy: "docker" });
    await endpoints.attach({ network: "used", netns: foreignNamespaces[0] });
    expect(await networks.prune()).toEqual([unused]);
    expect(networks.list().map(({ name }) => name)).toEqual(["used", "managed", "bridge", "host", "none"]);
    expect(await networks.remove("managed")).toEqual(managed);
  });
});

describe("a request for a network is refused, and nothing is left of it, when", () => {
  test.each([
    [{ name: "n" }, "conflict", /^network "n" exists already, with id [0-9a-f]{12}$/],
    [
      { name: "m", subnets: ["10.1.0.128/25"] },
      "conflict",
      /^subnet 10\.1\.0\.128\/25 overlaps network "n" \(10\.1\.0\.0\/24\)$/,
    ],
    [{ name: "m", subnets: ["10.0.0.0/8"], allowOverlap: true }, "conflict", /overlaps network "n"/],
    [
      { name: "m", subnets: ["10.9.1.0/24"] },
      "conflict",
      /^subnet 10\.9\.1\.0\/24 overlaps route 10\.9\.0\.0\/16 dev uplink0$/,
    ],
    [
      { name: "m", subnets: ["192.0.2.0/24"] },
      "conflict",
      /^subnet 192\.0\.2\.0\/24 overlaps nameserver 192\.0\.2\.53$/,
    ],
    [{ name: "m", driver: "vlan" }, "invalid-input", /^there is no network driver "vlan"$/],
    [{ name: "m", options: { mtv: "1" } }, "invalid-input", /^the bridge driver has no option "mtv"$/],
    [{ name: "m", driver: "host" }, "invalid-input", /^there is one network of driver "host" only/],
    [{ name: "none" }, "conflict", /^"none" is predefined/],
    [{ name: "m", subnets: ["10.2.0.0/24", "10.3.0.0/24"] }, "invalid-input", /10\.2\.0\.0\/24.*10\.3\.0\.0\/24/],
    [{ name: "m", gateways: ["10.2.0.1"] }, "invalid-input", /^gateway 10\.2\.0\.1/],
    [{ name: "m m" }, "invalid-input", /^"m m" is not a name for a network$/],
  ])("asked for %j", async (spec, kind, message) => {
    using world = new World();
    world.routes.push({ cidr: "10.9.0.0/16", link: "uplink0" });
    const { networks } = await world.command();
    await networks.create({ name: "n", subnets: ["10.1.0.0/24"] });
    const before = world.snapshot();
    await expect(networks.create(spec)).rejects.toMatchObject({ kind, message: expect.stringMatching(message) });
    expect(world.snapshot()).toEqual(before);
  });
});

test("a route of the host may be overlapped on request", async () => {
  using world = new World();
  world.routes.push({ cidr: "10.9.0.0/16", link: "uplink0" });
  const { networks } = await world.command();
  await networks.create({ name: "n", subnets: ["10.9.1.0/24"], allowOverlap: true });
  expectAgreement(world);
});

describe("forwarding of an uplink", () => {
  test.each([
    ["0", ["a", "b", "c"]],
    ["0", ["c", "a", "b"]],
    ["1", ["b", "c", "a"]],
  ])("that was %s comes back when the last network goes, in the order %j", async (found, order) => {
    using world = new World();
    const { sysctls } = world.kernel;
    sysctls.write(uplink, found);
    for (const name of ["a", "b", "c"]) await (await world.command()).networks.create({ name });
    for (const name of order) {
      expect(sysctls.read(uplink)).toBe("1");
      await (await world.command()).networks.remove(name);
    }
    expect(sysctls.read(uplink)).toBe(found);
  });

  test.each([0, 2, 4, 6])("is never off while a network goes and another stays, as at step %i", async (at) => {
    using world = new World();
    const { networks, steps } = await world.command();
    for (const name of ["a", "b"]) await networks.create({ name });
    const seen: string[] = [];
    steps.interrupt(at, async () => seen.push(world.kernel.sysctls.read(uplink)));
    await networks.remove("a");
    expect(seen).toEqual(["1"]);
  });

  test("that somebody turned off meanwhile stays off", async () => {
    using world = new World();
    const { networks } = await world.command();
    await networks.create({ name: "a" });
    world.kernel.sysctls.write(uplink, "0");
    await networks.remove("a");
    expect(world.kernel.sysctls.read(uplink)).toBe("0");
  });

  test.each([0, 1, 2, 3, 4, 5, 6])("stays on if another network is made at step %i of the last removal", async (at) => {
    using world = new World();
    const [removing, creating] = [await world.command(), await world.command()];
    await removing.networks.create({ name: "a" });
    removing.steps.interrupt(at, () => creating.networks.create({ name: "b" }));
    await removing.networks.remove("a");
    expect(world.kernel.sysctls.read(uplink)).toBe("1");
    expectAgreement(world);
  });
});

describe("two processes at once", () => {
  test("a network that one makes is not removed by another", async () => {
    using world = new World();
    const [maker, other] = [await world.command(), await world.command()];
    const refused: unknown[] = [];
    maker.steps.interrupt(2, () => other.networks.remove("n").catch((error) => refused.push(error)));
    await maker.networks.create({ name: "n" });
    expect(refused).toMatchObject([
      {
        kind: "conflict",
        code: "TSD_NETWORK_BUSY",
        message: `network "n" is being created by process ${maker.owner.pid}`,
      },
    ]);
    expectAgreement(world);
  });

  test("a network that one makes is not pruned by another", async () => {
    using world = new World();
    const [maker, other] = [await world.command(), await world.command()];
    const pruned: unknown[] = [];
    maker.steps.interrupt(2, async () => pruned.push(await other.networks.prune()));
    await maker.networks.create({ name: "n" });
    expect(pruned).toEqual([[]]);
    expectAgreement(world);
  });

  test("both remove a network: one is told of the other", async () => {
    using world = new World();
    const [one, two] = [await world.command(), await world.command()];
    await one.networks.create({ name: "n" });
    one.steps.interrupt(1, async () => {
      await expect(two.networks.remove("n")).rejects.toMatchObject({
        code: "TSD_NETWORK_BUSY",
        message: `network "n" is being removed by process ${one.owner.pid}`,
      });
      expect(await two.networks.prune()).toEqual([]);
    });
    await one.networks.remove("n");
    expectNothingLeft(world);
  });

  test("one makes a network as the other's goes: it has what both need, whenever the other dies", async () => {
    const steps = Array.from({ length: 10 }, (_, at) => at);
    for (const at of steps)
      for (const death of steps) {
        using world = new World();
        const [one, two] = [await world.command(), await world.command()];
        await one.networks.create({ name: "a" });
        one.steps.interrupt(at, () => two.networks.create({ name: "b" }));
        one.steps.plan({ kind: "kill", at: death });
        await one.networks.remove("a").catch(() => undefined);
        one.end();
        const last = await world.command();
        expectAgreement(world);
        await removeAll(last);
        expectNothingLeft(world);
      }
  });

  test("both find what a dead one left, and one of them removes it", async () => {
    using world = new World();
    const dead = await world.command();
    dead.steps.plan({ kind: "kill", at: 4 });
    await expect(dead.networks.create({ name: "n" })).rejects.toThrow();
    const [one, two] = [world.spawn(), world.spawn()];
    await Promise.all([one.recovery.run(), two.recovery.run()]);
    expectNothingLeft(world);
  });
});

test("an abandoned row that another process took meanwhile is left to that", async () => {
  using world = new World();
  const [one, two, late, early] = [world.spawn(), world.spawn(), world.spawn(), world.spawn()];
  for (const [name, dead] of Object.entries({ one, two })) {
    dead.steps.plan({ kind: "kill", at: 4 });
    await expect(dead.networks.create({ name })).rejects.toThrow();
  }
  early.steps.plan({ kind: "failure", at: 0 });
  late.steps.interrupt(0, () => early.recovery.run().catch(() => undefined));
  await late.recovery.run();
  expect(world.store.networks.list()).toMatchObject([
    { network: { name: "two" }, state: "deleting", owner: early.owner },
  ]);
  early.end();
  await world.command();
  expectNothingLeft(world);
});

test("one abandoned row that cannot be removed does not keep the others", async () => {
  using world = new World();
  const [one, two, next] = [world.spawn(), world.spawn(), world.spawn()];
  for (const [name, dead] of Object.entries({ one, two })) {
    dead.steps.plan({ kind: "kill", at: 4 });
    await expect(dead.networks.create({ name })).rejects.toThrow();
  }
  next.steps.plan({ kind: "failure", at: 0 });
  await expect(next.recovery.run()).rejects.toMatchObject({ code: "TSD_TEST_INJECTED" });
  expect(world.store.networks.list().map(({ network }) => network.name)).toEqual(["one"]);
  next.end();
  await world.command();
  expectNothingLeft(world);
});
