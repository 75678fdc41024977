import { describe, expect, test } from "@jest/globals";
import { expectAgreement, expectNothingLeft } from "../../../support/engine/agreement.js";
import { removeAll } from "../../../support/engine/operations.js";
import type { TsdProcess } from "../../../support/engine/tsd-process.js";
import { World } from "../../../support/engine/world.js";

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

  test("lives until the last one ends, whichever made it", async () => {
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

describe("parameters of a container's own namespace", () => {
  const parameters = (world: World): Record<string, string> =>
    Object.fromEntries(
      world.store.containers
        .resolve("web")
        .resources.flatMap((one) => (one.kind === "sysctl" ? [[one.key, one.value]] : [])),
    );
  const low = "net/ipv4/ip_unprivileged_port_start";
  const ping = "net/ipv4/ping_group_range";

  test.each([
    [[], {}, { [low]: "0", [ping]: "0 2147483647" }],
    [[{ network: "none" }], {}, { [low]: "0", [ping]: "0 2147483647" }],
    [[], { "net.ipv4.ip_unprivileged_port_start": "1024" }, { [low]: "1024", [ping]: "0 2147483647" }],
    [[], { "net.ipv4.ping_group_range": "1 0" }, { [low]: "0", [ping]: "1 0" }],
    [[{ network: "host" }], {}, {}],
    [[{ network: "ns:/run/netns/a" }], {}, {}],
  ])("on %j with %j let anybody bind and ping, unless the user says otherwise", async (networks, sysctls, expected) => {
    using world = new World();
    const process = await world.command();
    await process.containers.runDetached({ image: "busybox", name: "web", networks, sysctls });
    expect(parameters(world)).toEqual(expected);
    expectAgreement(world);
  });

  test("are not those of a container that shares another's", async () => {
    using world = new World();
    const process = await world.command();
    await process.containers.runDetached({ image: "busybox", name: "first" });
    await process.containers.runDetached({ image: "busybox", name: "web", networks: [{ network: "container:first" }] });
    expect(parameters(world)).toEqual({});
  });
});

describe("a container with IPv6 switched off", () => {
  const off = { "net.ipv6.conf.all.disable_ipv6": "1" };
  const both = async (world: World) => {
    const process = await world.command();
    await process.networks.create({ name: "n", subnets: ["10.1.0.0/24", "fd00:1::/64"] });
    await process.networks.create({ name: "six", subnets: ["fd00:6::/64"], ipv4: false });
    return process;
  };

  test.each([
    ["by the namespace's parameter", { sysctls: off, networks: [{ network: "n" }] }],
    [
      "by its interface's",
      { networks: [{ network: "n", options: { sysctls: "net.ipv6.conf.IFNAME.disable_ipv6=1" } }] },
    ],
  ])("%s has no address of it, and no name leads to one", async (_how, requested) => {
    using world = new World();
    const process = await both(world);
    const spec = { image: "busybox", addHosts: ["gate:host-gateway"], publish: ["8080:80"], ...requested };
    await process.containers.runDetached({ ...spec, name: "web" });
    await process.containers.runDetached({ image: "busybox", name: "other", networks: [{ network: "n" }] });
    const { endpoints } = process.containers.inspect("web");
    expect(endpoints[0]?.endpoint.addresses).toEqual(["10.1.0.2/24"]);
    const rows = [...world.store.containers.list(), ...world.store.endpoints.list()];
    const names = rows.flatMap(({ resources }) =>
      resources.flatMap((one) => (one.kind === "file" ? one.content.split("\n") : [])),
    );
    expect(names.filter((line) => /\bweb\b|gate/.test(line)).filter((line) => line.includes("::"))).toEqual([]);
    expect(names.filter((line) => /^fd00:1::\w+\tother\b/.test(line))).toHaveLength(0);
    const own = world.store.endpoints.get(endpoints[0]?.endpoint.id ?? "")?.resources;
    expect(JSON.stringify(own)).not.toContain("fd00");
    expectAgreement(world);
  });

  test.each([
    [{ network: "six" }, 'network "six" has no other'],
    [{ network: "n", address6: "fd00:1::9" }, "address fd00:1::9 is asked for"],
  ])("is refused %j", async (attachment, why) => {
    using world = new World();
    const process = await both(world);
    const spec = { image: "busybox", name: "web", sysctls: off, networks: [attachment] };
    await expect(process.containers.runDetached(spec)).rejects.toMatchObject({
      kind: "invalid-input",
      message: `IPv6 is switched off by disable_ipv6, and ${why}`,
    });
    expectAgreement(world);
  });
});
