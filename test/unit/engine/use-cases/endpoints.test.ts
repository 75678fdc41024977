import { describe, expect, test } from "@jest/globals";
import type { AttachSpec } from "../../../../src/api/index.js";
import { expectAgreement } from "../../../support/engine/agreement.js";
import { foreignNamespaces, World } from "../../../support/engine/world.js";

const [netns, other] = foreignNamespaces;

describe("a namespace of somebody else", () => {
  test("is attached with an address, a route and ports, and is as before once detached", async () => {
    using world = new World();
    const { endpoints } = await world.commandOnNetwork();
    const before = world.snapshot();
    const endpoint = await endpoints.attach({ network: "n", netns, publish: ["8080:80", "127.0.0.1:53:53/udp"] });
    expect(endpoint).toMatchObject({
      netns,
      interface: "eth0",
      addresses: ["10.1.0.2/24"],
      metric: 1024,
      ports: [
        { protocol: "tcp", hostPort: 8080, containerPort: 80, count: 1 },
        { protocol: "udp", hostAddress: "127.0.0.1", hostPort: 53, containerPort: 53, count: 1 },
      ],
    });
    expectAgreement(world);
    expect(endpoints.list()).toEqual([endpoint]);
    expect(await endpoints.detach(endpoint.id.slice(0, 8))).toEqual(endpoint);
    expect(world.snapshot()).toEqual(before);
  });

  test("is attached twice: the second interface gets the next name, and the default route if its network comes first by name", async () => {
    using world = new World();
    const { endpoints, networks } = await world.commandOnNetwork();
    await networks.create({ name: "m" });
    await endpoints.attach({ network: "n", netns });
    const second = await endpoints.attach({ network: "m", netns });
    expect(second).toMatchObject({ interface: "eth1", metric: 512 });
    expectAgreement(world);
  });

  test("gets the interface and the address it was asked for", async () => {
    using world = new World();
    const { endpoints } = await world.commandOnNetwork();
    const asked = { network: "n", netns, interface: "lan", address: "10.1.0.5" };
    expect(await endpoints.attach(asked)).toMatchObject({ interface: "lan", addresses: ["10.1.0.5/24"] });
    expectAgreement(world);
  });
});

describe("an id", () => {
  const id = "ab".repeat(32);

  test("of a program's own finds the endpoint again, with its labels, its network and what exists for it", async () => {
    using world = new World();
    const { endpoints } = await world.commandOnNetwork();
    await endpoints.attach({ network: "n", netns, id, labels: { of: "me" } });
    const { endpoint, network, resources } = (await world.command()).endpoints.inspect(id);
    expect(endpoint).toMatchObject({ id, labels: { of: "me" } });
    expect(network).toMatchObject({ id: endpoint.networkId, name: "n" });
    expect(resources).toContainEqual({ kind: "address", netns, link: "eth0", address: "10.1.0.2/24" });
    expectAgreement(world);
  });

  test("is not given twice, and is 64 digits", async () => {
    using world = new World();
    const { endpoints } = await world.commandOnNetwork();
    await endpoints.attach({ network: "n", netns, id });
    const before = world.snapshot();
    const again = endpoints.attach({ network: "n", netns: other, id });
    await expect(again).rejects.toMatchObject({ kind: "conflict", code: "TSD_ENDPOINT_DUPLICATE" });
    for (const wrong of ["ab", "AB".repeat(32), `${id}a`, "../".repeat(40)]) {
      const attached = endpoints.attach({ network: "n", netns: other, id: wrong });
      await expect(attached).rejects.toMatchObject({ kind: "invalid-input", code: "TSD_ID_INVALID" });
    }
    expect(world.snapshot()).toEqual(before);
  });
});

describe("a MAC address", () => {
  test("stays with its address from one to the next, on the network of that address", async () => {
    using world = new World();
    const { endpoints, networks } = await world.commandOnNetwork();
    await networks.create({ name: "m", subnets: ["10.2.0.0/24"] });
    const join = async (request: Pick<AttachSpec, "netns" | "address" | "mac">, network = "n"): Promise<string> => {
      const { id, mac } = await endpoints.attach({ network, ...request });
      await endpoints.detach(id);
      return mac;
    };
    const first = await join({ netns, address: "10.1.0.9" });
    expect(await join({ netns: other, address: "10.1.0.9" })).toBe(first);
    expect(await join({ netns, address: "10.1.0.8" })).not.toBe(first);
    expect(await join({ netns, address: "10.2.0.9" }, "m")).not.toBe(first);
    expect(await join({ netns, address: "10.1.0.9", mac: "02:00:00:00:00:09" })).toBe("02:00:00:00:00:09");
    expect(await join({ netns, address: "10.1.0.9" })).toBe(first);
  });

  test("stays with the address that is asked for, whatever comes with it of the other family", async () => {
    using world = new World();
    const { endpoints, networks } = await world.commandOnNetwork();
    await networks.create({ name: "d", subnets: ["10.2.0.0/24", "fd00:2::/64"] });
    const first = await endpoints.attach({ network: "d", netns, address6: "fd00:2::9" });
    await endpoints.detach(first.id);
    await endpoints.attach({ network: "d", netns, address: "10.2.0.2" });
    const second = await endpoints.attach({ network: "d", netns: other, address6: "fd00:2::9" });
    expect(second.addresses).not.toEqual(first.addresses);
    expect(second.mac).toBe(first.mac);
  });
});

describe("an attachment is refused, and nothing is left of it, when", () => {
  test.each([
    ["the network is unknown", { network: "m", netns: other }, "not-found", /"m"/],
    [
      "the address is held",
      { network: "n", netns: other, address: "10.1.0.2" },
      "conflict",
      /^network "n": address 10\.1\.0\.2 belongs to endpoint [0-9a-f]{12} of namespace \/run\/netns\/a$/,
    ],
    [
      "the address is the gateway's",
      { network: "n", netns: other, address: "10.1.0.1" },
      "conflict",
      /^network "n": address 10\.1\.0\.1 is the gateway$/,
    ],
    [
      "the address lies elsewhere",
      { network: "n", netns: other, address: "10.2.0.2" },
      "invalid-input",
      /^network "n": address 10\.2\.0\.2 is outside/,
    ],
    [
      "the interface exists",
      { network: "n", netns: other, interface: "lo" },
      "conflict",
      /has an interface lo already$/,
    ],
    ["it is on the network", { network: "n", netns }, "conflict", /is on network "n" already, as eth0$/],
    [
      "another namespace publishes the port",
      { network: "n", netns: other, publish: ["127.0.0.1:8080:80"] },
      "conflict",
      /^port 8080\/tcp of 127\.0\.0\.1 is published by endpoint [0-9a-f]{12} of namespace \/run\/netns\/a$/,
    ],
    [
      "a port of the range is published",
      { network: "n", netns: other, publish: ["9000:9000", "8079-8081:8079-8081"] },
      "conflict",
      /^ports 8079-8081\/tcp are published by endpoint/,
    ],
    [
      "a process of the host listens on the port",
      { network: "n", netns: other, publish: ["69-71:69-71/udp"] },
      "conflict",
      /^port 70\/udp is in use by a process on the host$/,
    ],
    [
      "the host has not the port's address",
      { network: "n", netns: other, publish: ["203.0.113.9::81"] },
      "not-found",
      /^cannot publish on 203\.0\.113\.9: it is no address of this host/,
    ],
    [
      "the port's address is of the other family",
      { network: "n", netns: other, publish: ["[::1]:81:81"] },
      "invalid-input",
      /^cannot publish on ::1: containers on network "n" have only 10\.1\.0\.3\/24$/,
    ],
    [
      "no port of a range is free",
      { network: "n", netns: other, publish: ["8080-8081:80", "8080-8081:80"] },
      "exhausted",
      /^no port from 8080 to 8081 \(tcp\) is free on the host$/,
    ],
  ])("%s", async (_why, spec, kind, message) => {
    using world = new World();
    world.busyPorts.add(70);
    world.absentAddresses.add("203.0.113.9");
    const { endpoints } = await world.commandOnNetwork();
    await endpoints.attach({ network: "n", netns, publish: ["8080:80"] });
    const before = world.snapshot();
    await expect(endpoints.attach(spec)).rejects.toMatchObject({ kind, message: expect.stringMatching(message) });
    expect(world.snapshot()).toEqual(before);
  });

  test("the network is full, by name and size, until an address comes back", async () => {
    using world = new World();
    const process = await world.commandOnNetwork();
    const { endpoints } = process;
    await process.networks.create({ name: "m", subnets: ["10.2.0.0/30"] });
    const { id } = await endpoints.attach({ network: "m", netns });
    await expect(endpoints.attach({ network: "m", netns: other })).rejects.toMatchObject({
      kind: "exhausted",
      message: expect.stringMatching(/^network "m": .*10\.2\.0\.0\/30/),
    });
    await endpoints.detach(id);
    expect(await endpoints.attach({ network: "m", netns: other })).toMatchObject({ addresses: ["10.2.0.2/30"] });
  });
});

describe("a port that was left to tsd", () => {
  test("is one that nobody has, until there is none", async () => {
    using world = new World();
    world.busyPorts.add(49_001);
    const { endpoints } = await world.commandOnNetwork();
    const publish = ["80", "80/tcp", "80"];
    const { ports } = await endpoints.attach({ network: "n", netns, publish });
    expect(ports.map(({ hostPort }) => hostPort).sort()).toEqual([49_000, 49_002, 49_003]);
    await expect(endpoints.attach({ network: "n", netns: other, publish: ["80"] })).rejects.toMatchObject({
      kind: "exhausted",
      code: "TSD_PORT_NONE_FREE",
      message: "no port from 49000 to 49003 (tcp) is free on the host",
    });
    const udp = await endpoints.attach({ network: "n", netns: other, publish: ["80-81/udp"] });
    expect(udp.ports).toEqual([{ protocol: "udp", hostPort: 49_002, containerPort: 80, count: 2 }]);
    expectAgreement(world);
  });

  test("of a range is the first free one of that range", async () => {
    using world = new World();
    world.busyPorts.add(8000);
    const { endpoints } = await world.commandOnNetwork();
    const publish = ["8000-8003:80", "8000-8003:80"];
    const { ports } = await endpoints.attach({ network: "n", netns, publish });
    expect(ports.map(({ hostPort }) => hostPort)).toEqual([8001, 8002]);
    expectAgreement(world);
  });
});

describe("an endpoint is not detached", () => {
  test("from a container", async () => {
    using world = new World();
    const { containers, endpoints } = await world.commandOnNetwork();
    const { id } = await containers.runDetached({ image: "busybox", name: "web", networks: [{ network: "n" }] });
    const [endpoint] = world.store.endpoints.ofContainer(id);
    const shortId = endpoint?.id.slice(0, 12) ?? "";
    await expect(endpoints.detach(shortId)).rejects.toMatchObject({
      kind: "conflict",
      code: "TSD_ENDPOINT_OWNED",
      message: `endpoint ${shortId} belongs to container "web"`,
      hint: "Stop the container: tsd stop web",
    });
    expectAgreement(world);
  });

  test("while another process attaches it", async () => {
    using world = new World();
    const [maker, late] = [await world.commandOnNetwork(), await world.command()];
    const refused: unknown[] = [];
    const detachAll = (): Promise<unknown> =>
      Promise.all(late.endpoints.list().map(({ id }) => late.endpoints.detach(id))).catch((error) =>
        refused.push(error),
      );
    maker.steps.interrupt(1, detachAll);
    await maker.endpoints.attach({ network: "n", netns });
    expect(refused).toMatchObject([{ kind: "conflict", code: "TSD_ENDPOINT_BUSY" }]);
    expectAgreement(world);
  });
});

test("a network in the making or in removal takes no endpoints", async () => {
  using world = new World();
  const [maker, other] = [await world.commandOnNetwork(), await world.command()];
  const refused: unknown[] = [];
  const attach = (): Promise<unknown> =>
    other.endpoints.attach({ network: "m", netns }).catch((error) => refused.push(error.message));
  maker.steps.interrupt(1, attach);
  await maker.networks.create({ name: "m" });
  maker.steps.interrupt(1, attach);
  await maker.networks.remove("m");
  const { pid } = maker.owner;
  expect(refused).toEqual([
    `network "m" is being created by process ${pid}`,
    `network "m" is being removed by process ${pid}`,
  ]);
  expectAgreement(world);
});
