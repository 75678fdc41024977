import { describe, expect, test } from "@jest/globals";
import { expectAgreement } from "../../../support/engine/agreement.js";
import { foreignNamespaces, World } from "../../../support/engine/world.js";

const [netns, other] = foreignNamespaces;

test("the loopback interface of a namespace comes up if the caller asks for it, and stays up", async () => {
  using world = new World();
  const { endpoints } = await world.commandOnNetwork();
  const upIn = (place: string): boolean =>
    world.kernel.lines().some((line) => line.startsWith(`link ${place} lo `) && line.includes('"up":true'));
  const { id } = await endpoints.attach({ network: "n", netns, loopback: true });
  await endpoints.attach({ network: "n", netns: other });
  await endpoints.detach(id);
  expect([netns, other].map(upIn)).toEqual([true, false]);
});

describe("what the caller says of an endpoint", () => {
  test("is kept with it, and a socket of its own on the published port is no conflict", async () => {
    using world = new World();
    world.busyPorts.add(8080);
    const { endpoints } = await world.commandOnNetwork();
    const own = { labels: { "caller.key": "1" }, reservesPorts: true };
    const endpoint = await endpoints.attach({ network: "n", netns, publish: ["8080:80"], ...own });
    expect(endpoint).toMatchObject(own);
    expect(endpoints.list()).toEqual([endpoint]);
    expectAgreement(world);
  });
});

describe("ports of a namespace on two networks", () => {
  const publish = ["8080:80"];

  test("are published by the one that the default route prefers, and by the other once that one goes", async () => {
    using world = new World();
    const { endpoints, networks } = await world.commandOnNetwork();
    await networks.create({ name: "m" });
    const portsOf = (): readonly string[] =>
      endpoints.list().flatMap(({ networkId, ports }) => ports.map(() => networks.inspect(networkId).network.name));
    const first = await endpoints.attach({ network: "n", netns, publish });
    expect(portsOf()).toEqual(["n"]);
    const second = await endpoints.attach({ network: "m", netns, publish: [...publish, "53:53/udp"] });
    expect(portsOf()).toEqual(["m", "m"]);
    expectAgreement(world);
    await endpoints.detach(second.id);
    expect(portsOf()).toEqual(["n", "n"]);
    expectAgreement(world);
    await endpoints.detach(first.id);
    expect(portsOf()).toEqual([]);
    expectAgreement(world);
  });

  test("stay where they are when the second attachment is refused, and nothing is left of that", async () => {
    using world = new World();
    const { endpoints, networks } = await world.commandOnNetwork();
    await networks.create({ name: "m" });
    await endpoints.attach({ network: "n", netns: other, publish: ["8081:80"] });
    await endpoints.attach({ network: "n", netns, publish });
    const before = world.snapshot();
    await expect(endpoints.attach({ network: "m", netns, publish: ["8081:80"] })).rejects.toMatchObject({
      kind: "conflict",
      code: "TSD_PORT_TAKEN",
    });
    expect(world.snapshot()).toEqual(before);
    expectAgreement(world);
  });
});
