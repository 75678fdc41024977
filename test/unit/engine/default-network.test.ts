import { describe, expect, test } from "@jest/globals";
import { expectAgreement } from "../../support/engine/agreement.js";
import { World } from "../../support/engine/world.js";

describe("a container without a network of its own name", () => {
  test("is on the default network, which is made for the first one", async () => {
    using world = new World();
    const { containers, networks } = await world.command();
    await containers.runDetached({ image: "busybox", name: "a" });
    await containers.runDetached({ image: "busybox", name: "b" });
    expect(networks.list()).toMatchObject([
      { name: "bridge", options: { name: "tsd0" } },
      { name: "host", driver: "host" },
      { name: "none", driver: "none" },
    ]);
    expectAgreement(world);
  });

  test("may ask for an address there before there is such a network", async () => {
    using world = new World();
    const { containers } = await world.command();
    const networks = [{ network: "bridge", address: "172.17.0.9" }];
    const { id } = await containers.runDetached({ image: "busybox", name: "a", networks });
    expect(containers.inspect(id).endpoints[0]?.endpoint.addresses).toEqual(["172.17.0.9/16"]);
    expectAgreement(world);
  });

  test("waits for the default network that another command makes at this moment", async () => {
    using world = new World();
    const names = ["a", "b", "c"];
    const commands = await Promise.all(names.map(() => world.command()));
    await Promise.all(
      commands.map(({ containers }, at) => containers.runDetached({ image: "busybox", name: `${names[at]}` })),
    );
    expect((await world.command()).containers.list()).toHaveLength(3);
    expectAgreement(world);
  });

  test("makes the default network itself where the command that began to make it fails", async () => {
    using world = new World();
    const [maker, late] = [await world.command(), await world.command()];
    maker.steps.plan({ kind: "failure", at: 3 });
    const failing = maker.networks.create({ name: "bridge" }).catch((error) => error.code);
    await late.containers.runDetached({ image: "busybox", name: "a" });
    expect(await failing).toBe("TSD_TEST_INJECTED");
    expectAgreement(world);
  });
});
