import { describe, expect, test } from "@jest/globals";
import { World } from "../../../support/engine/world.js";

const uplink = "net/ipv4/conf/uplink0/forwarding";

describe("a network", () => {
  test.each(["refused", "killed"])("that is %s takes away nothing that others made meanwhile", async (fate) => {
    using world = new World();
    const process = await world.command();
    process.steps.interrupt(0, async () => {
      world.kernel.links.addDevice("br7", "bridge");
      world.kernel.sysctls.write(uplink, "1");
      if (fate === "killed") process.steps.kill();
    });
    await expect(process.networks.create({ name: "n", options: { name: "br7" } })).rejects.toThrow();
    const next = await world.command();
    expect(next.networks.list().map(({ name }) => name)).not.toContain("n");
    expect([world.kernel.links.hasLink("br7"), world.kernel.sysctls.read(uplink)]).toEqual([true, "1"]);
  });

  test("whose bridge's name is taken is refused, and told by whom", async () => {
    using world = new World();
    const { networks } = await world.command();
    await networks.create({ name: "a", options: { name: "br7" } });
    const taken = (name: string) => networks.create({ name: "b", options: { name } });
    await expect(taken("br7")).rejects.toMatchObject({
      code: "TSD_LINK_TAKEN",
      message: 'the interface name br7 is taken by the bridge of network "a"',
    });
    await expect(taken("uplink0")).rejects.toMatchObject({
      message: "the interface name uplink0 is taken by a link of the host",
    });
  });

  test("gives the uplink back as it was, unless somebody has made the whole host forward since", async () => {
    using world = new World();
    const { networks } = await world.command();
    const { sysctls } = world.kernel;
    for (const [all, after] of [
      ["0", "0"],
      ["1", "1"],
    ] as const) {
      sysctls.write("net/ipv4/conf/all/forwarding", "0");
      await networks.create({ name: "n" });
      sysctls.write("net/ipv4/conf/all/forwarding", all);
      await networks.remove("n");
      expect(sysctls.read(uplink)).toBe(after);
    }
  });
});
