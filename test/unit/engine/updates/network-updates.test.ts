import { describe, expect, test } from "@jest/globals";
import type { NetworkChange } from "../../../../src/api/index.js";
import { expectAgreement, expectNothingLeft } from "../../../support/engine/agreement.js";
import type { Fault } from "../../../support/engine/steps.js";
import { World } from "../../../support/engine/world.js";

const narrow: NetworkChange = { options: { mtu: "1400", icc: "false" }, labels: { tier: "x" }, dns: ["192.0.2.53"] };

/** A network with two containers that run. */
async function inUse(world: World): Promise<void> {
  const { containers, networks } = await world.command();
  await networks.create({ name: "n", labels: { old: "1" } });
  for (const name of ["a", "b"]) await containers.runDetached({ image: "busybox", name, networks: [{ network: "n" }] });
}

/** What the rows list of the network and its endpoints. */
const lists = ({ store }: World) =>
  [...store.networks.list(), ...store.endpoints.list()].map(({ state, resources, leaving }) => ({
    state,
    resources,
    leaving,
  }));
const network = ({ store }: World) => store.networks.resolve("n").network;

async function removeAll(world: World): Promise<void> {
  const { containers, networks } = await world.command();
  for (const { container } of world.store.containers.list()) await containers.remove(container.id, { force: true });
  await networks.remove("n");
  expectNothingLeft(world);
}

describe("a network in use", () => {
  test("changes with all that is on it, and back", async () => {
    using world = new World();
    await inUse(world);
    const before = lists(world);
    const { networks } = await world.command();
    await networks.update("n", narrow);
    expect(network(world)).toMatchObject({
      ...{ options: { mtu: "1400", icc: "false" }, labels: { old: "1", tier: "x" }, dns: ["192.0.2.53"] },
    });
    expect(JSON.stringify(lists(world)).match(/"mtu":1400/g)).toHaveLength(3);
    expectAgreement(world);
    await networks.update("n", { options: { mtu: "", icc: "" }, withoutLabels: ["tier"], dns: [] });
    expect(lists(world)).toEqual(before);
    expect(network(world)).toMatchObject({ options: {}, labels: { old: "1" } });
    expectAgreement(world);
    await removeAll(world);
  });

  test.each<Omit<Fault, "at">>([{ kind: "kill" }, { kind: "failure" }])(
    "is one thing or the other past any $kind",
    async (fault) => {
      for (let at = 0, struck = true; struck; at++) {
        using world = new World();
        await inUse(world);
        const before = lists(world);
        const process = await world.command();
        process.steps.plan({ ...fault, at });
        const failed = await process.networks.update("n", narrow).then(
          () => false,
          () => true,
        );
        struck = process.steps.struck;
        process.end();
        await world.command();
        expectAgreement(world);
        if (fault.kind === "failure" && failed) expect(lists(world)).toEqual(before);
        expect(network(world).options).toEqual(
          lists(world)[0]?.resources.some((one) => "mtu" in one && one.mtu === 1400) ? narrow.options : {},
        );
        await removeAll(world);
      }
    },
  );

  test.each<[NetworkChange, string]>([
    [{ options: { name: "br9" } }, 'option name of network "n" cannot change, as long as the network exists'],
    [{ options: { masquerade: "" } }, 'option masquerade of network "n" cannot change, as long as the network exists'],
    [{ options: { mtu: "7" } }, "option mtu=7 is not"],
    [{ dns: ["x"] }, "x"],
  ])("refuses %j", async (change, message) => {
    using world = new World();
    await inUse(world);
    const { networks } = await world.command();
    await expect(networks.update("n", change)).rejects.toMatchObject({ message: expect.stringContaining(message) });
    await expect(networks.update("host", narrow)).rejects.toMatchObject({ code: "TSD_NETWORK_PREDEFINED" });
    expectAgreement(world);
  });
});
