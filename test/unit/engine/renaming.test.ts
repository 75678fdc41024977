import { describe, expect, test } from "@jest/globals";
import { expectAgreement } from "../../support/engine/agreement.js";
import { World } from "../../support/engine/world.js";

const web = { image: "busybox", name: "web", networks: [{ network: "n" }] } as const;
const peer = { image: "busybox", name: "peer", networks: [{ network: "n" }], links: ["web", "web:www"] } as const;
const guest = { image: "busybox", name: "guest", networks: [{ network: "container:web" }] } as const;

describe("a container that gets another name", () => {
  test("is known by it to its neighbours, and links and shared networks follow", async () => {
    using world = new World();
    const { containers, networks } = await world.commandOnNetwork();
    await containers.runDetached(web);
    await containers.runDetached(peer);
    await containers.create(guest);
    await containers.rename("web", "/front");
    expect(containers.inspect("peer").container.spec.links).toEqual(["front:web", "front:www"]);
    expect(networks.names("n").map(({ name }) => name)).toEqual(expect.arrayContaining(["front", "peer"]));
    expect(networks.names("n").map(({ name }) => name)).not.toContain("web");
    await containers.start("guest");
    await containers.runDetached({ ...web, networks: [] });
    expect(containers.inspect("guest").container.spec.networks).toEqual([{ network: "container:front" }]);
    expectAgreement(world);
  });

  test.each([
    ["a name in use", "peer", { code: "TSD_CONTAINER_DUPLICATE" }],
    ["its own", "web", { code: "TSD_CONTAINER_DUPLICATE" }],
    ["what is no name", "a b", { code: "TSD_NAME_INVALID" }],
  ])("is not given %s", async (_name, name, error) => {
    using world = new World();
    const { containers } = await world.commandOnNetwork();
    await containers.create(web);
    await containers.create({ ...peer, links: [] });
    await expect(containers.rename("web", name)).rejects.toMatchObject(error);
    expect(containers.inspect("web").container.name).toBe("web");
  });

  test("is known by it although the command dies before it has told anybody", async () => {
    using world = new World();
    const process = await world.commandOnNetwork();
    await process.containers.runDetached(web);
    await process.containers.runDetached(peer);
    const { id } = process.containers.inspect("web").container;
    world.store.transaction(() => {
      const row = world.store.containers.resolve(id);
      world.store.containers.update({ ...row, container: { ...row.container, name: "front" } });
      world.store.settings.set(`renaming ${id}`, { id, owner: process.owner });
    });
    process.end();
    await world.command();
    expect(world.store.settings.list("renaming ")).toEqual([]);
    expectAgreement(world);
  });
});
