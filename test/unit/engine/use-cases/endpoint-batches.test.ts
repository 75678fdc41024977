import { describe, expect, test } from "@jest/globals";
import { expectAgreement, expectNothingLeft } from "../../../support/engine/agreement.js";
import { atEveryStep } from "../../../support/engine/at-every-step.js";
import { makings, type Operation, removeAll, several } from "../../../support/engine/operations.js";
import { foreignNamespaces, World } from "../../../support/engine/world.js";

const [netns, other] = foreignNamespaces;

async function commandOnNetworks(world: World) {
  const process = await world.commandOnNetwork();
  await process.networks.create({ name: "m", subnets: ["10.2.0.0/24"] });
  return process;
}

describe("a batch of attachments", () => {
  test("comes to what the same come to one after the other", async () => {
    using together = new World();
    using apart = new World();
    const endpoints = await (await commandOnNetworks(together)).endpoints.attachMany(several);
    const process = await commandOnNetworks(apart);
    for (const spec of several) await process.endpoints.attach(spec);
    const shape = ({ id: _id, networkId: _networkId, mac: _mac, ...endpoint }: (typeof endpoints)[number]) => endpoint;
    expect(endpoints.map(shape)).toEqual(process.endpoints.list().map(shape));
    expect(endpoints.map((endpoint) => endpoint.interface)).toEqual(["eth0", "eth1", "eth0"]);
    expectAgreement(together);
  });

  test("of none attaches none", async () => {
    using world = new World();
    const { endpoints } = await commandOnNetworks(world);
    expect(await endpoints.attachMany([])).toEqual([]);
    expect(await endpoints.detachMany([])).toEqual({ endpoints: [] });
    expectAgreement(world);
  });

  test.each([
    ["an address that another of them has", [{ address: "10.1.0.5" }, { address: "10.1.0.5" }], "TSD_ADDRESS_TAKEN"],
    ["a port that another of them has", [{ publish: ["80:80"] }, { publish: ["80:80/tcp"] }], "TSD_PORT_TAKEN"],
    ["a network that does not exist", [{}, { network: "none" }], "TSD_NETWORK_NOT_FOUND"],
    ["a network that another of them is on", [{}, { netns }], "TSD_ENDPOINT_EXISTS"],
    ["a port that says nothing", [{}, { publish: ["x"] }], "TSD_PORT_INVALID"],
  ])("attaches none where one asks for %s", async (_what, [first, second], code) => {
    using world = new World();
    const { endpoints } = await commandOnNetworks(world);
    const before = world.snapshot();
    const specs = [
      { network: "n", netns, ...first },
      { network: "n", netns: other, ...second },
    ];
    await expect(endpoints.attachMany(specs)).rejects.toMatchObject({ code });
    expect(world.snapshot()).toEqual(before);
  });

  test("is whole or nothing after kill -9 before any step", async () => {
    const left = new Set<number>();
    await atEveryStep(makings["attach of several"] as Operation, { kind: "kill" }, async ({ world }) => {
      const next = await world.command();
      expectAgreement(world);
      left.add(next.endpoints.list().length);
      await removeAll(next);
      expectNothingLeft(world);
    });
    expect([...left].sort()).toEqual([0, several.length]);
  });

  test("gets an address for each from an IPAM driver", async () => {
    using world = new World("ledger");
    const { endpoints } = await commandOnNetworks(world);
    const attached = await endpoints.attachMany([
      { network: "n", netns },
      { network: "n", netns: other },
    ]);
    expect(new Set(attached.flatMap(({ addresses }) => addresses)).size).toBe(2);
    expectAgreement(world);
  });
});

describe("a batch of detachments", () => {
  test("detaches each once, and leaves the rest and what others have of the ports", async () => {
    using world = new World();
    const { endpoints } = await commandOnNetworks(world);
    const [first, second, third] = (await endpoints.attachMany(several)).map(({ id }) => id);
    const publishers = endpoints.list().filter(({ ports }) => ports.length > 0);
    expect(publishers.map(({ id }) => id)).toEqual([second, third]);
    const { endpoints: gone } = await endpoints.detachMany([second ?? "", third ?? "", second?.slice(0, 12) ?? ""]);
    expect(gone.map(({ id }) => id)).toEqual([second, third]);
    expect(endpoints.list()).toMatchObject([{ id: first, ports: [{ hostPort: 8080 }, { hostPort: 8081 }] }]);
    expectAgreement(world);
  });

  test("detaches none where one does not exist", async () => {
    using world = new World();
    const { endpoints } = await commandOnNetworks(world);
    const [first] = await endpoints.attachMany(several);
    const before = world.snapshot();
    const detached = endpoints.detachMany([first?.id ?? "", "ab".repeat(32)]);
    await expect(detached).rejects.toMatchObject({ kind: "not-found", code: "TSD_ENDPOINT_NOT_FOUND" });
    expect(world.snapshot()).toEqual(before);
  });
});
