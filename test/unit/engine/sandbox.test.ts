import { describe, expect, test } from "@jest/globals";
import { expectAgreement, expectNothingLeft } from "../../support/engine/agreement.js";
import { removeAll } from "../../support/engine/operations.js";
import type { TsdProcess } from "../../support/engine/tsd-process.js";
import { World } from "../../support/engine/world.js";

const join = (process: TsdProcess, name: string, target: string) =>
  process.containers.runDetached({ image: "busybox", name, networks: [{ network: `container:${target}` }] });

async function withHost(world: World): Promise<TsdProcess> {
  const process = await world.commandOnNetwork();
  await process.containers.runDetached({
    image: "busybox",
    name: "web",
    networks: [{ network: "n" }],
    publish: ["8080:80"],
  });
  return process;
}

describe("a network that containers share", () => {
  test("is the same for both, with its names", async () => {
    using world = new World();
    const process = await withHost(world);
    await join(process, "guest", "web");
    const [web, guest] = ["web", "guest"].map((name) => process.containers.inspect(name).container.sandbox);
    expect(guest).toEqual(web);
    expectAgreement(world);
  });

  test("lives until the last one ends, whoever made it", async () => {
    using world = new World();
    const process = await withHost(world);
    await join(process, "guest", "web");
    await join(process, "third", "guest");
    const { netns } = process.containers.inspect("web");
    await process.containers.remove("web", { force: true });
    expectAgreement(world);
    expect(process.containers.inspect("guest").netns).toBe(netns);
    expect(world.kernel.links.hasNamespace(netns ?? "")).toBe(true);
    await expect(process.networks.remove("n")).rejects.toMatchObject({
      message: expect.stringContaining('container "guest"'),
    });
    await process.containers.remove("guest", { force: true });
    expectAgreement(world);
    await process.networks
      .connect("third", { network: "n" })
      .catch((error) => expect(error).toMatchObject({ code: "TSD_ENDPOINT_EXISTS" }));
    await process.containers.remove("third", { force: true });
    expect(world.kernel.links.hasNamespace(netns ?? "")).toBe(false);
    expectAgreement(world);
    await removeAll(process);
    expectNothingLeft(world);
  });

  test("is that of its maker again when it comes back, and of all who join by any of them", async () => {
    using world = new World();
    const process = await withHost(world);
    await join(process, "guest", "web");
    const before = process.containers.inspect("web");
    await process.containers.stop("web");
    expect(process.containers.inspect("guest").endpoints).toEqual(before.endpoints);
    await join(process, "late", "web");
    await join(process, "third", "late");
    await process.containers.publish("guest", ["9000:90"]);
    await process.containers.start("web");
    const after = process.containers.inspect("web");
    expect(after.netns).toBe(before.netns);
    expect(after.endpoints.map(({ endpoint }) => endpoint.ports.map(({ hostPort }) => hostPort))).toEqual([
      [8080, 9000],
    ]);
    const sharing = ["guest", "late", "third"].map((name) => process.containers.inspect(name));
    for (const { netns, endpoints } of sharing)
      expect({ netns, endpoints }).toEqual({ netns: before.netns, endpoints: [] });
    expect(after.container.spec.publish).toEqual(["8080:80", "9000:90"]);
    expectAgreement(world);
    for (const name of ["web", "guest", "late", "third"]) await process.containers.stop(name);
    await process.containers.start("web");
    expect(process.containers.inspect("web").netns).not.toBe(before.netns);
    expectAgreement(world);
    await removeAll(process);
    expectNothingLeft(world);
  });

  test("takes and leaves networks while its maker does not run, and keeps its address from others", async () => {
    using world = new World();
    const process = await world.commandOnNetwork();
    await process.networks.create({ name: "m", subnets: ["10.2.0.0/24"] });
    const networks = [{ network: "n", address: "10.1.0.9" }];
    await process.containers.runDetached({ image: "busybox", name: "web", networks });
    await join(process, "guest", "web");
    await process.containers.stop("web");
    await process.networks.connect("web", { network: "m", address: "10.2.0.9" });
    expect(process.containers.inspect("guest").endpoints.map(({ network }) => network)).toEqual(["n", "m"]);
    await process.containers.start("web");
    expect(process.containers.inspect("web").endpoints.map(({ network }) => network)).toEqual(["n", "m"]);
    await process.containers.stop("web");
    await process.networks.disconnect("web", "n");
    await process.containers.remove("web");
    expectAgreement(world);
    const other = { image: "busybox", name: "web", networks: [{ network: "m", address: "10.2.0.9" }] };
    await expect(process.containers.runDetached(other)).rejects.toMatchObject({ code: "TSD_ADDRESS_TAKEN" });
    await process.containers.runDetached({ ...other, networks });
    expect(process.containers.inspect("web").netns).not.toBe(process.containers.inspect("guest").netns);
    await process.containers.remove("guest", { force: true });
    await process.containers.runDetached({ ...other, name: "next" });
    expectAgreement(world);
    await removeAll(process);
    expectNothingLeft(world);
  });

  test("must be running", async () => {
    using world = new World();
    const process = await withHost(world);
    await process.containers.stop("web");
    await expect(join(process, "guest", "web")).rejects.toMatchObject({
      kind: "conflict",
      message: 'container "web", whose network is to be shared, is not running, but exited',
    });
  });
});

test("a container in the host's network has its names and no namespace", async () => {
  using world = new World();
  const process = await world.command();
  await process.containers.runDetached({
    image: "busybox",
    name: "web",
    networks: [{ network: "host" }],
    publish: ["80:80"],
    addHosts: ["me:host-gateway"],
  });
  expect(process.warnings).toEqual([expect.stringContaining("shares the host's network")]);
  const details = process.containers.inspect("web");
  expect(details).not.toHaveProperty("netns");
  expect(details.container.sandbox).toMatchObject({
    hostname: "machine",
    hosts: ["127.0.0.1 localhost machine", "127.0.0.1\tme"],
  });
  expectAgreement(world);
});

test("a container in a namespace of somebody else's leaves it as it was", async () => {
  using world = new World();
  const process = await world.commandOnNetwork();
  const before = world.kernel.lines();
  await process.containers.runDetached({ image: "busybox", name: "web", networks: [{ network: "ns:/run/netns/a" }] });
  expect(process.containers.inspect("web")).toMatchObject({ netns: "/run/netns/a", endpoints: [] });
  expectAgreement(world);
  await process.containers.remove("web", { force: true });
  expect(world.kernel.lines()).toEqual(before);
});
