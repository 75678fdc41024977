import { describe, expect, test } from "@jest/globals";
import { expectAgreement } from "../../../support/engine/agreement.js";
import type { TsdProcess } from "../../../support/engine/tsd-process.js";
import { foreignNamespaces, World } from "../../../support/engine/world.js";

const [netns] = foreignNamespaces;

async function withContainer(
  world: World,
  networks: readonly { network: string }[] = [{ network: "n" }],
): Promise<TsdProcess> {
  const process = await world.commandOnNetwork();
  await process.networks.create({ name: "m", subnets: ["10.2.0.0/24"] });
  await process.containers.runDetached({ image: "busybox", name: "web", networks, publish: ["8080:80"] });
  return process;
}

const endpointsOf = ({ containers }: TsdProcess, name = "web") =>
  containers.inspect(name).endpoints.map(({ network, endpoint: { interface: link, addresses, metric, ports } }) => ({
    network,
    link,
    address: addresses[0],
    metric,
    ports: ports.map(({ hostPort }) => hostPort),
  }));

describe("a running container", () => {
  test("joins a network and leaves it, and is as before", async () => {
    using world = new World();
    const process = await withContainer(world);
    const before = world.kernel.lines();
    await process.networks.connect("web", { network: "m", address: "10.2.0.7", gatewayPriority: 1 });
    expect(endpointsOf(process)).toEqual([
      { network: "n", link: "eth0", address: "10.1.0.2/24", metric: 1024, ports: [] },
      { network: "m", link: "eth1", address: "10.2.0.7/24", metric: 512, ports: [8080] },
    ]);
    expectAgreement(world);
    await process.networks.disconnect("web", "m");
    expectAgreement(world);
    expect(world.kernel.lines()).toEqual(before);
  });

  test("keeps its ports when the network that published them goes, and its networks when it starts again", async () => {
    using world = new World();
    const process = await withContainer(world);
    await process.networks.connect("web", { network: "m" });
    await process.networks.disconnect("web", "n");
    expect(endpointsOf(process)).toMatchObject([{ network: "m", link: "eth1", ports: [8080] }]);
    expectAgreement(world);
    await process.containers.stop("web");
    await process.containers.start("web");
    expect(endpointsOf(process)).toMatchObject([{ network: "m", link: "eth0", ports: [8080] }]);
    expectAgreement(world);
  });

  test("on no network gets its ports with the first, and leaves the last for good", async () => {
    using world = new World();
    const process = await withContainer(world, [{ network: "none" }]);
    expect(process.warnings).toEqual([expect.stringContaining("is on no network")]);
    expect(endpointsOf(process)).toEqual([]);
    await process.networks.connect("web", { network: "m" });
    expect(endpointsOf(process)).toMatchObject([{ network: "m", link: "eth0", metric: 1024, ports: [8080] }]);
    await process.networks.disconnect("web", "m");
    expectAgreement(world);
    await process.containers.stop("web");
    await process.containers.start("web");
    expect(endpointsOf(process)).toEqual([]);
  });

  test("has no default route by an internal network", async () => {
    using world = new World();
    const process = await withContainer(world);
    await process.networks.create({ name: "inside", subnets: ["10.3.0.0/24"], internal: true });
    await process.networks.connect("web", { network: "inside", gatewayPriority: 9 });
    expect(endpointsOf(process)[1]).toMatchObject({ network: "inside", metric: undefined });
  });

  test.each([
    [
      "it is there already",
      { name: "web", attachment: { network: "n" } },
      "conflict",
      /^container "web" .* is on network "n" already, as eth0$/,
    ],
    ["the network is unknown", { name: "web", attachment: { network: "x" } }, "not-found", /"x"/],
    ["the container is unknown", { name: "x", attachment: { network: "n" } }, "not-found", /"x"/],
    ["it is a mode", { name: "web", attachment: { network: "host" } }, "invalid-input", /^"host" is a mode/],
    [
      "the address is taken",
      { name: "other", attachment: { network: "n", address: "10.1.0.2" } },
      "conflict",
      /10\.1\.0\.2 belongs to container "web"/,
    ],
    [
      "the address is elsewhere",
      { name: "web", attachment: { network: "m", address: "10.1.0.9" } },
      "invalid-input",
      /10\.1\.0\.9 is outside/,
    ],
    [
      "there is no such family",
      { name: "web", attachment: { network: "m", address6: "fd00::9" } },
      "invalid-input",
      /has no IPv6 subnet for address fd00::9$/,
    ],
    [
      "it shares the host's",
      { name: "hosted", attachment: { network: "n" } },
      "conflict",
      /shares the network of the host/,
    ],
  ])("is refused a network when %s", async (_when, { name, attachment }, kind, message) => {
    using world = new World();
    const process = await withContainer(world);
    await process.containers.runDetached({ image: "busybox", name: "other", networks: [{ network: "m" }] });
    await process.containers.runDetached({ image: "busybox", name: "hosted", networks: [{ network: "host" }] });
    const before = world.snapshot();
    await expect(process.networks.connect(name, attachment)).rejects.toMatchObject({
      kind,
      message: expect.stringMatching(message),
    });
    expect(world.snapshot()).toEqual(before);
  });

  test("that shares another's is on none of its own, until it takes them over", async () => {
    using world = new World();
    const process = await withContainer(world);
    const networks = [{ network: "container:web" }];
    await process.containers.runDetached({ image: "busybox", name: "guest", networks });
    await process.containers.create({ image: "busybox", name: "later", networks });
    const refusal = { kind: "conflict", message: expect.stringContaining("shares the network of another container") };
    const before = world.snapshot();
    for (const name of ["guest", "later"]) {
      await expect(process.networks.disconnect(name, "n")).rejects.toMatchObject(refusal);
      await expect(process.networks.connect(name, { network: "m" })).rejects.toMatchObject(refusal);
    }
    expect(world.snapshot()).toEqual(before);
    await process.containers.stop("web");
    await process.networks.connect("guest", { network: "m" });
    await process.networks.disconnect("guest", "n");
    expectAgreement(world);
  });

  test.each(["connect", "disconnect"] as const)("%s says so where its two words are swapped", async (verb) => {
    using world = new World();
    const process = await withContainer(world);
    const swapped = {
      connect: () => process.networks.connect("m", { network: "web" }),
      disconnect: () => process.networks.disconnect("m", "web"),
    };
    await expect(swapped[verb]()).rejects.toMatchObject({
      message: '"web" is a container, not a network',
      hint: `Write the network first: tsd network ${verb} m web`,
    });
  });

  test("cannot leave a network that it is not on", async () => {
    using world = new World();
    const process = await withContainer(world);
    await expect(process.networks.disconnect("web", "m")).rejects.toMatchObject({
      kind: "not-found",
      code: "TSD_ENDPOINT_NOT_FOUND",
    });
  });
});

describe("a stopped container", () => {
  test("is on its networks when it starts, with the address it was promised", async () => {
    using world = new World();
    const process = await withContainer(world);
    await process.containers.stop("web");
    await process.networks.connect("web", { network: "m", address: "10.2.0.7" });
    expectAgreement(world);
    await expect(process.endpoints.attach({ network: "m", netns, address: "10.2.0.7" })).rejects.toMatchObject({
      message: expect.stringContaining('belongs to container "web"'),
    });
    await process.networks.disconnect("web", "n");
    await process.containers.start("web");
    expect(endpointsOf(process)).toMatchObject([{ network: "m", address: "10.2.0.7/24", ports: [8080] }]);
    await process.containers.remove("web", { force: true });
    expect(await process.endpoints.attach({ network: "m", netns, address: "10.2.0.7" })).toBeDefined();
    expectAgreement(world);
  });
});

describe("a container that was told nothing, or to have no network, and does not run", () => {
  test.each([
    [[], "m", ["bridge", "m"]],
    [[{ network: "none" }], "m", ["m"]],
  ])("on %j, connected to %s, starts on %j", async (networks, network, expected) => {
    using world = new World();
    const process = await world.commandOnNetwork();
    await process.networks.create({ name: "m", subnets: ["10.2.0.0/24"] });
    await process.containers.create({ image: "busybox", name: "web", networks });
    await process.networks.connect("web", { network });
    await expect(process.networks.connect("web", { network })).rejects.toMatchObject({ code: "TSD_ENDPOINT_EXISTS" });
    await process.containers.start("web");
    expect(endpointsOf(process).map((endpoint) => endpoint.network)).toEqual(expected);
    expectAgreement(world);
  });

  test("is not on a network by being disconnected from another", async () => {
    using world = new World();
    const process = await world.commandOnNetwork();
    await process.containers.create({ image: "busybox", name: "web" });
    await expect(process.networks.disconnect("web", "n")).rejects.toMatchObject({ code: "TSD_ENDPOINT_NOT_FOUND" });
    await process.containers.start("web");
    expect(endpointsOf(process)).toMatchObject([{ network: "bridge" }]);
  });
});

test("a namespace of somebody else joins and leaves by its name", async () => {
  using world = new World();
  const process = await withContainer(world);
  expect(await process.networks.connect("netns:a", { network: "m" })).toMatchObject({ netns, interface: "eth0" });
  expectAgreement(world);
  await process.networks.disconnect(`netns:${netns}`, "m");
  expectAgreement(world);
  await expect(process.networks.connect("pid:x", { network: "m" })).rejects.toMatchObject({
    code: "TSD_TARGET_INVALID",
  });
});

describe("an address that a container asked for on a network that went and came back", () => {
  async function remade(world: World, subnet: string): Promise<TsdProcess> {
    const process = await world.command();
    await process.networks.create({ name: "n", subnets: ["10.1.0.0/24"] });
    const networks = [{ network: "n", address: "10.1.0.9" }];
    await process.containers.create({ image: "busybox", name: "web", networks });
    await process.networks.remove("n");
    await process.networks.create({ name: "n", subnets: [subnet] });
    return process;
  }

  test("is its own again", async () => {
    using world = new World();
    const process = await remade(world, "10.1.0.0/24");
    await expect(process.endpoints.attach({ network: "n", netns, address: "10.1.0.9" })).rejects.toMatchObject({
      message: expect.stringContaining('belongs to container "web"'),
    });
    await process.containers.start("web");
    expectAgreement(world);
  });

  test("keeps the network from nothing where it does not fit", async () => {
    using world = new World();
    const process = await remade(world, "10.3.0.0/24");
    await expect(process.containers.start("web")).rejects.toMatchObject({ kind: "invalid-input" });
  });
});
