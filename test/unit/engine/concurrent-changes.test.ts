import { DatabaseSync } from "node:sqlite";
import { expect, test } from "@jest/globals";
import type { LifeState } from "../../../src/api/index.js";
import type { ContainerRow, EndpointRow, NetworkRow, Owner, Table } from "../../../src/contracts/index.js";
import { connectLater, disconnectLater } from "../../../src/engine/use-cases/later-connections.js";
import { LeaseBook } from "../../../src/ipam/lease-book.js";
import { expectAgreement } from "../../support/engine/agreement.js";
import { driversOf } from "../../support/engine/drivers-of.js";
import type { TsdProcess } from "../../support/engine/tsd-process.js";
import { World } from "../../support/engine/world.js";

/** What a command does to a running container "web" on the network "n". */
const changes = {
  "port add": ({ containers }) => containers.publish("web", ["9000:90"]),
  "port rm": ({ containers }) => containers.unpublish("web", ["80"]),
  connect: ({ networks }) => networks.connect("web", { network: "m" }),
} satisfies Record<string, (process: Awaited<ReturnType<World["command"]>>) => Promise<unknown>>;

test.each(Object.entries(changes))(
  "a container that is stopped at any step of %s leaves nothing",
  async (_name, change) => {
    let isDuring = true;
    for (let at = 0; isDuring && at < 50; at++) {
      using world = new World();
      const process = await world.commandOnNetwork();
      await process.networks.create({ name: "m", subnets: ["10.2.0.0/24"] });
      await process.containers.runDetached({
        image: "busybox",
        name: "web",
        networks: [{ network: "n" }],
        publish: ["8080:80"],
      });
      const [changer, stopper] = [await world.command(), await world.command()];
      let stopped: Promise<unknown> | undefined;
      isDuring = false;
      changer.steps.interrupt(at, async () => {
        isDuring = true;
        stopped = stopper.containers.stop("web");
        // The stop goes on by itself until it meets the change.
        await new Promise((resolve) => setTimeout(resolve, 10));
      });
      await change(changer).catch((error) => expect(error).toMatchObject({ name: "TsdError" }));
      await stopped;
      await process.containers.stop("web");
      expectAgreement(world);
    }
    expect(isDuring).toBe(false);
  },
);

/** How a container ends that another command is starting at that moment. */
const endings: Readonly<Record<string, (process: TsdProcess) => Promise<unknown>>> = {
  stop: ({ containers }) => containers.stop("web"),
  "rm -f": ({ containers }) => containers.remove("web", { force: true }),
};

test.each(Object.entries(endings))("%s at any step of a start has its way in the end", async (name, end) => {
  let isDuring = true;
  for (let at = 0; isDuring && at < 50; at++) {
    using world = new World();
    const process = await world.commandOnNetwork();
    await process.containers.create({ image: "busybox", name: "web", networks: [{ network: "n" }], publish: ["80"] });
    const [starter, ender] = [await world.command(), await world.command()];
    let ended: Promise<unknown> | undefined;
    isDuring = false;
    starter.steps.interrupt(at, async () => {
      isDuring = true;
      ended = end(ender);
      await new Promise((resolve) => setTimeout(resolve, 10));
    });
    await starter.containers.start("web");
    await ended;
    const left = process.containers.list({ all: true }).map(({ container }) => container.status);
    const expected = name === "stop" ? ["exited"] : [];
    expect(left).toEqual(isDuring ? expected : ["running"]);
    expectAgreement(world);
  }
  expect(isDuring).toBe(false);
});

test("a network that is connected while the container is being created is there at its start", async () => {
  let isDuring = true;
  for (let at = 0; isDuring && at < 50; at++) {
    using world = new World();
    const process = await world.commandOnNetwork();
    await process.networks.create({ name: "m", subnets: ["10.2.0.0/24"] });
    const [creator, connector] = [await world.command(), await world.command()];
    isDuring = false;
    creator.steps.interrupt(at, async () => {
      isDuring = true;
      await connector.networks.connect("web", { network: "m", address: "10.2.0.9" });
    });
    await creator.containers.create({ image: "busybox", name: "web", networks: [{ network: "n" }] });
    await process.containers.start("web");
    const joined = process.containers.inspect("web").endpoints.map(({ network }) => network);
    expect(joined.sort()).toEqual(isDuring ? ["m", "n"] : ["n"]);
    expectAgreement(world);
  }
  expect(isDuring).toBe(false);
});

test("a network that is connected at any step of a start is refused or there in the end", async () => {
  let isDuring = true;
  let refusals = 0;
  for (let at = 0; isDuring && at < 50; at++) {
    using world = new World();
    const process = await world.commandOnNetwork();
    await process.networks.create({ name: "m", subnets: ["10.2.0.0/24"] });
    await process.containers.create({ image: "busybox", name: "web", networks: [{ network: "n" }] });
    const [starter, connector] = [await world.command(), await world.command()];
    let refusal: unknown;
    isDuring = false;
    starter.steps.interrupt(at, async () => {
      isDuring = true;
      await connector.networks.connect("web", { network: "m" }).catch((error) => {
        refusal = error;
      });
    });
    await starter.containers.start("web");
    if (refusal !== undefined) {
      refusals++;
      expect(refusal).toMatchObject({ code: "TSD_CONTAINER_BUSY" });
    }
    const joined = process.containers.inspect("web").endpoints.map(({ network }) => network);
    expect(joined).toEqual(refusal === undefined && isDuring ? ["n", "m"] : ["n"]);
    expectAgreement(world);
  }
  expect(isDuring).toBe(false);
  expect(refusals).toBeGreaterThan(0);
});

test("a container that another process has started since it was looked at is not connected for later", async () => {
  using world = new World();
  const process = await world.commandOnNetwork();
  const { id } = await process.containers.runDetached({ image: "busybox", name: "web", networks: [{ network: "n" }] });
  const parts = { store: world.store, addressBook: new LeaseBook(world.store.leases), drivers: driversOf() };
  expect(connectLater(parts, id, { network: "n" })).toBe(false);
  const notes = { takeOver: () => undefined };
  expect(disconnectLater({ ...parts, notes }, id, world.store.networks.resolve("n"))).toBe(false);
});

test("a container that is to be removed is not started by another command between its end and its removal", async () => {
  using world = new World();
  const process = await world.commandOnNetwork();
  await process.containers.runDetached({ image: "busybox", name: "web", networks: [{ network: "n" }] });
  const [remover, starter] = [await world.command(), await world.command()];
  let answer: unknown;
  remover.steps.interrupt(0, async () => {
    await starter.containers.stop("web");
    answer = await starter.containers.start("web").catch((error) => error);
  });
  await remover.containers.remove("web", { force: true });
  expect(answer).toMatchObject({ kind: "not-found" });
  expect(process.containers.list({ all: true })).toEqual([]);
  expectAgreement(world);
});

test("a run whose remover dies as another command looks for abandoned rows is ended before it is removed", async () => {
  using world = new World();
  const { containers } = await world.command();
  const spec = { image: "busybox", networks: [{ network: "none" }] };
  await containers.runDetached({ ...spec, name: "web" });
  const { id } = await containers.runDetached({ ...spec, name: "over" });
  const [remover, other] = [await world.command(), world.spawn()];
  remover.steps.plan({ kind: "failure", at: 0 });
  await expect(remover.containers.remove("web", { force: true })).rejects.toMatchObject({ code: "TSD_TEST_INJECTED" });
  world.containers.end(id, 0);
  other.steps.interrupt(0, async () => remover.end());
  await other.recovery.run();
  expect(other.containers.list({ all: true }).map(({ container }) => container.name)).toEqual(["over"]);
  expectAgreement(world);
});

test.each(["networks", "containers", "endpoints"] as const)(
  "%s that are finished between two looks of another command, at the row and at its owner, are no orphans",
  async (kind) => {
    using world = new World();
    const process = await world.commandOnNetwork();
    await process.containers.create({ image: "busybox", name: "web", networks: [{ network: "n" }] });
    await process.endpoints.attach({ network: "n", netns: "/run/netns/a" });
    process.end();
    const table: Table<NetworkRow & ContainerRow & EndpointRow> = world.store[kind] as never;
    const [row] = table.list();
    if (row === undefined) throw new Error("nothing was made");
    const write = (state: LifeState): void => world.store.transaction(() => table.update({ ...row, state }));
    write("creating");
    const seenBy = world.processes.seenBy.bind(world.processes);
    world.processes.seenBy = (self) => {
      const seen = seenBy(self);
      const isAlive = (owner: Owner): boolean => {
        write("ready");
        return seen.isAlive(owner);
      };
      return { ...seen, isAlive };
    };
    await world.command();
    expect(table.list()).toEqual([row]);
    expectAgreement(world);
  },
);

test("networks that another command begins to use or removes do not keep prune from the others", async () => {
  using world = new World();
  const process = await world.commandOnNetwork();
  for (const name of ["used", "gone", "last"]) await process.networks.create({ name });
  const [pruner, other] = [await world.command(), await world.command()];
  pruner.steps.interrupt(0, async () => {
    await other.containers.runDetached({ image: "busybox", name: "web", networks: [{ network: "used" }] });
    await other.networks.remove("gone");
  });
  expect((await pruner.networks.prune()).map(({ name }) => name)).toEqual(["n", "last"]);
  expectAgreement(world);
});

test("two networks that go at the same time give back what they shared", async () => {
  for (let at = 0; at < 10; at++) {
    using world = new World();
    const process = await world.commandOnNetwork();
    await process.networks.create({ name: "m" });
    const [one, other] = [await world.command(), await world.command()];
    one.steps.interrupt(at, () => other.networks.remove("m"));
    await one.networks.remove("n");
    await process.networks.prune();
    expect(world.kernel.lines().filter((line) => line.startsWith("sysctl"))).toEqual([]);
    expectAgreement(world);
  }
});

test("a command that only looks waits for no writer, however many containers run", async () => {
  using world = new World();
  const process = await world.commandOnNetwork();
  await process.containers.runDetached({ image: "busybox", name: "web", networks: [{ network: "n" }] });
  const writer = new DatabaseSync(world.store.path);
  writer.exec("BEGIN IMMEDIATE");
  expect((await world.command()).containers.list()).toHaveLength(1);
  writer.close();
});
