import { describe, expect, test } from "@jest/globals";
import { expectAgreement, expectNothingLeft } from "../../../support/engine/agreement.js";
import { World } from "../../../support/engine/world.js";

const web = { image: "busybox", name: "web", networks: [{ network: "n" }] } as const;

describe("a container", () => {
  test("lives: created, started, stopped, started again, removed", async () => {
    using world = new World();
    const process = await world.commandOnNetwork();
    const { containers, networks } = process;
    const { id } = await containers.create({ ...web, publish: ["8080:80"] });
    expect(containers.inspect("web")).toMatchObject({ container: { id, status: "created" }, endpoints: [] });
    expect(containers.list()).toEqual([]);
    expectAgreement(world);

    for (const address of ["10.1.0.2/24", "10.1.0.3/24"]) {
      expect(await containers.start("web")).toMatchObject({ status: "running", pid: expect.any(Number) });
      expect(containers.inspect(id)).toMatchObject({
        netns: expect.stringMatching(/^\/run\/tsd\/netns\/[0-9a-f]{12}$/),
        endpoints: [
          { network: "n", gateway: "10.1.0.1", endpoint: { addresses: [address], ports: [{ hostPort: 8080 }] } },
        ],
      });
      expect(containers.list()).toHaveLength(1);
      expectAgreement(world);
      await containers.stop("web");
      expect(containers.inspect("web").container).toMatchObject({ status: "exited", exitCode: 143 });
      expect(containers.inspect("web").netns).toBeUndefined();
      expectAgreement(world);
    }

    await containers.remove("web");
    await networks.remove("n");
    expectNothingLeft(world);
  });

  test("that ends by itself gives everything back when its supervisor calls", async () => {
    using world = new World();
    const { containers } = await world.commandOnNetwork();
    const { id } = await containers.runDetached({ ...web, publish: ["8080:80"] });
    world.containers.end(id, 3);
    await world.spawn().containers.release(id);
    expect(containers.inspect(id)).toMatchObject({ container: { status: "exited", exitCode: 3 }, endpoints: [] });
    expect(await containers.wait(id)).toBe(3);
    expectAgreement(world);
  });

  test("that ends before its start is written down gives everything back all the same", async () => {
    using world = new World();
    const { containers } = await world.commandOnNetwork();
    const { id } = await containers.runDetached({ ...web, command: ["exit", "4"] });
    expect(containers.inspect(id).container).toMatchObject({ status: "exited", exitCode: 4 });
    expectAgreement(world);
  });

  test("that ends unseen is released by the next command, whatever that is", async () => {
    using world = new World();
    const { containers } = await world.commandOnNetwork();
    const { id } = await containers.runDetached(web);
    world.containers.end(id, 9);
    expect((await world.command()).containers.list()).toEqual([]);
    expect(containers.inspect(id).container).toMatchObject({ status: "exited", exitCode: 9 });
    expectAgreement(world);
  });

  test("with --rm goes when it ends", async () => {
    using world = new World();
    const { containers } = await world.commandOnNetwork();
    const { id } = await containers.runDetached({ ...web, autoRemove: true });
    world.containers.end(id, 0);
    await containers.release(id);
    expect(containers.list({ all: true })).toEqual([]);
    expectAgreement(world);
  });

  test("obeys its stop signal, or is killed when the time is up", async () => {
    using world = new World();
    const { containers } = await world.commandOnNetwork();
    await containers.runDetached({ ...web, command: ["stubborn"] });
    await containers.stop("web", { timeout: 0.02 });
    expect(containers.inspect("web").container).toMatchObject({ status: "exited", exitCode: 137 });
    await containers.stop("web");
    expectAgreement(world);
  });

  test("is released at once by kill -9, and not by a signal it ignores", async () => {
    using world = new World();
    const { containers } = await world.commandOnNetwork();
    await containers.runDetached({ ...web, command: ["stubborn"] });
    await containers.kill("web", "TERM");
    expect(containers.inspect("web").container.status).toBe("running");
    await containers.kill("web", "KILL");
    expect(containers.inspect("web").container).toMatchObject({ status: "exited", exitCode: 137 });
    expectAgreement(world);
  });

  test("is removed while it runs only by force", async () => {
    using world = new World();
    const { containers } = await world.commandOnNetwork();
    await containers.runDetached(web);
    await expect(containers.remove("web")).rejects.toMatchObject({
      kind: "conflict",
      code: "TSD_CONTAINER_ACTIVE",
      message: 'container "web" is running',
      hint: "Stop it first (tsd stop web), or use --force.",
    });
    await containers.remove("web", { force: true });
    expect(containers.list({ all: true })).toEqual([]);
    expectAgreement(world);
  });
});

describe("waiting for a container", () => {
  test("returns its code as soon as it ends, also where it is removed at its end", async () => {
    using world = new World();
    const { containers } = await world.commandOnNetwork();
    const { id } = await containers.runDetached({ ...web, autoRemove: true });
    const waiting = (await world.command()).containers.wait("web");
    setTimeout(() => world.containers.end(id, 21), 20);
    setTimeout(() => containers.release(id).catch(() => undefined), 60);
    expect(await waiting).toBe(21);
  });

  test("that never ran is refused", async () => {
    using world = new World();
    const { containers } = await world.commandOnNetwork();
    await containers.create(web);
    await expect(containers.wait("web")).rejects.toMatchObject({ code: "TSD_CONTAINER_NEVER_RAN" });
  });
});
