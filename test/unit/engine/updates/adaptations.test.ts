import { describe, expect, test } from "@jest/globals";
import { expectAgreement, expectNothingLeft } from "../../../support/engine/agreement.js";
import type { Fault } from "../../../support/engine/steps.js";
import type { TsdProcess } from "../../../support/engine/tsd-process.js";
import { World } from "../../../support/engine/world.js";

const keyOf = (uplink: string) => `net/ipv4/conf/${uplink}/forwarding`;

/** Whether the uplinks forward, the old one and the new one. */
const forwarding = ({ kernel }: World) => ["uplink0", "uplink1"].map((name) => kernel.sysctls.read(keyOf(name)));

/** What the rows say of the width of links. */
const widths = ({ store }: World) =>
  new Set(
    [...store.networks.list(), ...store.endpoints.list()].flatMap(({ resources }) =>
      resources.flatMap((one) => (one.kind === "link" && one.type !== "loopback" ? [one.mtu] : [])),
    ),
  );

/** Two networks in use, on a host whose way out has moved to a narrower interface since. */
async function moved(world: World): Promise<TsdProcess> {
  const process = await world.command();
  for (const name of ["n", "m"]) {
    await process.networks.create({ name });
    if (name === "n")
      await process.containers.runDetached({ image: "busybox", name: "on-n", networks: [{ network: name }] });
  }
  expect(forwarding(world)).toEqual(["1", "0"]);
  world.addBridge("uplink1", []);
  world.uplinks = ["uplink1"];
  world.egressMtu = 1400;
  return process;
}

function expectFollowed(world: World): void {
  expectAgreement(world);
  expect(forwarding(world)).toEqual(["0", "1"]);
  expect(widths(world)).toEqual(new Set([1400]));
}

async function removeAll(world: World): Promise<void> {
  const { containers, networks } = await world.command();
  for (const { container } of world.store.containers.list()) await containers.remove(container.id, { force: true });
  for (const { id } of world.store.networks.list()) await networks.remove(id);
  expectNothingLeft(world);
}

describe("networks of a host whose way out moved", () => {
  test.each<[string, (process: TsdProcess) => Promise<unknown>]>([
    ["a container's start", ({ containers }) => containers.runDetached({ image: "busybox" })],
    ["a connection", ({ networks }) => networks.connect("on-n", { network: "m" })],
    ["an attachment", ({ endpoints }) => endpoints.attach({ network: "n", netns: "/run/netns/a" })],
    ["a port", ({ containers }) => containers.publish("on-n", ["80"])],
    ["another network", ({ networks }) => networks.create({ name: "x" })],
  ])("follow with %s", async (_, act) => {
    using world = new World();
    const process = await moved(world);
    expect((await process.adaptations.outdated()).map(({ what }) => what)).toEqual(
      Array(2).fill(
        "uplink uplink1 is new, and does not serve it; uplink0 is no uplink any more; the way out has MTU 1400 in place of 1500",
      ),
    );
    await act(process);
    expectFollowed(world);
    expect(await process.adaptations.outdated()).toEqual([]);
  });

  test.each<Omit<Fault, "at">>([{ kind: "kill" }, { kind: "failure" }])("follow past any $kind", async (fault) => {
    for (let at = 0, struck = true; struck; at++) {
      using world = new World();
      await moved(world);
      const process = await world.command();
      process.steps.plan({ ...fault, at });
      await process.adaptations.follow().catch(() => undefined);
      struck = process.steps.struck;
      if (fault.kind === "failure") expect(process.warnings.length > 0).toBe(struck);
      process.end();
      const next = await world.command();
      expectAgreement(world);
      await next.adaptations.follow();
      expectFollowed(world);
      await removeAll(world);
    }
  });

  test("follow whatever another command makes and removes on the way", async () => {
    let visits = 0;
    for (let at = 0; visits === at; at++) {
      using world = new World();
      await moved(world);
      const process = await world.command();
      process.steps.interrupt(at, async () => {
        visits++;
        const other = await world.command();
        await other.networks.create({ name: "x" });
        await other.networks.remove("x");
      });
      await process.adaptations.follow();
      expectFollowed(world);
      await removeAll(world);
    }
    expect(visits).toBeGreaterThan(4);
  });

  test.each<[string, boolean, (process: TsdProcess) => Promise<unknown>]>([
    ["follow", false, ({ adaptations }) => adaptations.follow()],
    ["are made again after a boot", true, ({ containers }) => containers.start("on-n")],
  ])("keep what another command writes into their rows while they %s", async (_, boots, act) => {
    let visits = 0;
    for (let at = 0; visits === at; at++) {
      using world = new World();
      await moved(world);
      if (boots) world.boot();
      const process = await world.command();
      process.steps.interrupt(at, async () => {
        visits++;
        world.store.transaction(() => {
          for (const row of world.store.networks.list())
            world.store.networks.update({ ...row, network: { ...row.network, labels: { written: "meanwhile" } } });
        });
      });
      await act(process);
      if (visits > at)
        for (const { network } of world.store.networks.list()) expect(network.labels).toEqual({ written: "meanwhile" });
    }
    expect(visits).toBeGreaterThan(4);
  });

  test("share the new uplink until the last of them goes, and give it back as it was", async () => {
    for (const before of ["0", "1"]) {
      using world = new World();
      const process = await moved(world);
      world.kernel.sysctls.write(keyOf("uplink1"), before);
      await process.adaptations.follow();
      for (const name of ["n", "m"]) {
        expect(forwarding(world)).toEqual(["0", "1"]);
        if (name === "n") await process.containers.remove("on-n", { force: true });
        await process.networks.remove(name);
      }
      expect(forwarding(world)).toEqual(["0", before]);
    }
  });
});

test("an uplink that comes back is switched on again", async () => {
  using world = new World();
  const process = await world.commandOnNetwork();
  world.kernel.sysctls.write(keyOf("uplink0"), "0");
  await process.adaptations.follow();
  expect(forwarding(world)).toEqual(["1", "0"]);
});

test("a host without a way out changes no network's width", async () => {
  using world = new World();
  const process = await world.commandOnNetwork();
  world.egressMtu = undefined;
  expect(await process.adaptations.outdated()).toEqual([]);
});

describe("routers that the host accepts, where it forwards IPv6 as a whole", () => {
  const accepts = ({ kernel }: World) =>
    ["uplink0", "uplink1"].map((name) => kernel.sysctls.read(`net/ipv6/conf/${name}/accept_ra`));
  const forwards = ({ kernel }: World) => kernel.sysctls.read("net/ipv6/conf/all/forwarding");

  function heedingWorld(): World {
    const world = new World();
    world.forwardsAsWhole = true;
    world.addBridge("uplink1", []);
    for (const name of world.uplinks) world.kernel.sysctls.write(`net/ipv6/conf/${name}/accept_ra`, "1");
    return world;
  }

  test("are heeded on, whatever network comes first and goes first, and whatever uplinks come and go", async () => {
    using world = heedingWorld();
    const { networks, adaptations } = await world.command();
    await networks.create({ name: "n", ipv6: true });
    await networks.create({ name: "m", ipv6: true });
    expect([accepts(world), forwards(world)]).toEqual([["2", "0"], "1"]);
    world.kernel.sysctls.write("net/ipv6/conf/uplink1/accept_ra", "1");
    world.uplinks = ["uplink0", "uplink1"];
    await adaptations.follow();
    expect([accepts(world), forwards(world)]).toEqual([["2", "2"], "1"]);
    world.uplinks = ["uplink0"];
    await adaptations.follow();
    expect([accepts(world), forwards(world)]).toEqual([["2", "1"], "1"]);
    await networks.remove("n");
    expect([accepts(world), forwards(world)]).toEqual([["2", "1"], "1"]);
    await networks.remove("m");
    expect([accepts(world), forwards(world)]).toEqual([["1", "1"], "0"]);
  });

  test("are left alone where the host forwards by itself", async () => {
    using world = heedingWorld();
    world.kernel.sysctls.write("net/ipv6/conf/all/forwarding", "1");
    const { networks } = await world.command();
    await networks.create({ name: "n", ipv6: true });
    await networks.create({ name: "m", ipv6: true });
    expect([accepts(world), forwards(world)]).toEqual([["1", "0"], "1"]);
    await networks.remove("n");
    await networks.remove("m");
    expect([accepts(world), forwards(world)]).toEqual([["1", "0"], "1"]);
  });
});
