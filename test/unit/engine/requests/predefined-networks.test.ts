import { describe, expect, test } from "@jest/globals";
import { expectAgreement } from "../../../support/engine/agreement.js";
import { World } from "../../../support/engine/world.js";

describe("the default network", () => {
  test("is there from the start, and made when a container is connected to it", async () => {
    using world = new World();
    const { containers, networks } = await world.commandOnNetwork();
    expect(networks.list()).toMatchObject([{ name: "n" }, { name: "bridge" }, { name: "host" }, { name: "none" }]);
    for (const ref of ["bridge", "627269646765"]) {
      expect(networks.inspect(ref)).toMatchObject({ network: { name: "bridge", driver: "bridge" }, endpoints: [] });
    }
    expect(world.store.networks.list()).toHaveLength(1);
    await containers.create({ image: "busybox", name: "later", networks: [{ network: "n" }] });
    await networks.connect("later", { network: "bridge" });
    expect(networks.list()).toMatchObject([{ name: "n" }, { name: "bridge" }, { name: "host" }, { name: "none" }]);
    await containers.start("later");
    expect(networks.inspect("bridge").endpoints).toHaveLength(1);
    expectAgreement(world);
  });

  test("is neither made nor removed by hand, nor pruned", async () => {
    using world = new World();
    const { networks, defaultNetwork } = await world.command();
    const refusal = {
      kind: "conflict",
      code: "TSD_NETWORK_PREDEFINED",
      hint: expect.stringContaining("tsd system init"),
    };
    await expect(networks.create({ name: "bridge" })).rejects.toMatchObject(refusal);
    await expect(networks.remove("bridge")).rejects.toMatchObject(refusal);
    await defaultNetwork.prepare();
    await expect(networks.remove("bridge")).rejects.toMatchObject(refusal);
    await expect(networks.remove(networks.inspect("bridge").network.id.slice(0, 12))).rejects.toMatchObject(refusal);
    expect(await networks.prune()).toEqual([]);
    expectAgreement(world);
  });

  test("is not there where the settings want none", async () => {
    using world = new World();
    world.settings = { bridge: "none" };
    const { networks } = await world.command();
    expect(networks.list()).toMatchObject([{ name: "host" }, { name: "none" }]);
    expect(() => networks.inspect("bridge")).toThrow(expect.objectContaining({ kind: "not-found" }));
  });
});
