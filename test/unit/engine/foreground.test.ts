import { describe, expect, test } from "@jest/globals";
import { expectAgreement } from "../../support/engine/agreement.js";
import { streams } from "../../support/engine/operations.js";
import { World } from "../../support/engine/world.js";

const web = { image: "busybox", name: "web", networks: [{ network: "n" }] } as const;

describe("a container in the foreground", () => {
  test("answers its exit code once everything is given back", async () => {
    using world = new World();
    const { containers } = await world.commandOnNetwork();
    const running: unknown[] = [];
    const code = await containers.run({ ...web, autoRemove: true }, streams, ({ id, status }) => {
      running.push(status, containers.inspect(id).endpoints.length);
      setTimeout(() => world.containers.end(id, 42), 5);
    });
    expect([running, code]).toEqual([["running", 1], 42]);
    expect(containers.list({ all: true })).toEqual([]);
    expectAgreement(world);
  });

  test("is left to the command that waits for it, whoever calls", async () => {
    using world = new World();
    const { containers } = await world.commandOnNetwork();
    const code = await containers.run(web, streams, ({ id }) => {
      world.containers.end(id, 6);
      world
        .spawn()
        .containers.release(id)
        .catch(() => world.kernel.misuse.reports.push("release failed"));
      expect(world.store.containers.get(id)?.container.status).toBe("running");
    });
    expect(code).toBe(6);
    expect(containers.inspect("web").container.exitCode).toBe(6);
    expectAgreement(world);
  });

  test("runs on when that command is killed, and is released when it ends", async () => {
    using world = new World();
    const process = await world.commandOnNetwork();
    const { id } = await process.containers.create(web);
    await new Promise<void>((started) => {
      process.containers.startAttached(id, streams, () => started()).catch(() => undefined);
    });
    process.end();
    const next = await world.command();
    expect(next.containers.inspect(id).container.status).toBe("running");
    expectAgreement(world);
    world.containers.end(id, 7);
    await next.containers.release(id);
    expect(next.containers.inspect(id).container).toMatchObject({ status: "exited", exitCode: 7 });
    expectAgreement(world);
  });

  test("is started again with its own streams", async () => {
    using world = new World();
    const { containers } = await world.commandOnNetwork();
    await containers.create({ ...web, command: ["exit", "8"] });
    expect(await containers.startAttached("web", streams)).toBe(8);
    expect(await containers.startAttached("web", streams)).toBe(8);
    expectAgreement(world);
  });
});
