import { describe, expect, test } from "@jest/globals";
import type { Container } from "../../../src/api/index.js";
import { expectAgreement } from "../../support/engine/agreement.js";
import { streams } from "../../support/engine/operations.js";
import type { TsdProcess } from "../../support/engine/tsd-process.js";
import { World } from "../../support/engine/world.js";

const web = { image: "busybox", name: "web", networks: [{ network: "n" }] } as const;

describe("a container in the foreground", () => {
  test("returns its exit code once everything is given back", async () => {
    using world = new World();
    const { containers } = await world.commandOnNetwork();
    const running: unknown[] = [];
    const onStart = ({ id, status }: Container): void => {
      running.push(status, containers.inspect(id).endpoints.length);
      setTimeout(() => world.containers.end(id, 42), 5);
    };
    const { exitCode } = await containers.run({ ...web, autoRemove: true }, { streams, onStart });
    expect([running, exitCode]).toEqual([["running", 1], 42]);
    expect(containers.list({ all: true })).toEqual([]);
    expectAgreement(world);
  });

  test("is left to the command that waits for it, not to other callers", async () => {
    using world = new World();
    const { containers } = await world.commandOnNetwork();
    const onStart = ({ id }: Container): void => {
      world.containers.end(id, 6);
      world
        .spawn()
        .containers.release(id)
        .catch(() => world.kernel.misuse.reports.push("release failed"));
      expect(world.store.containers.get(id)?.container.status).toBe("running");
    };
    expect(await containers.run(web, { streams, onStart })).toMatchObject({ exitCode: 6 });
    expect(containers.inspect("web").container.exitCode).toBe(6);
    expectAgreement(world);
  });

  test("runs on when that command is killed, and is released when it ends", async () => {
    using world = new World();
    const process = await world.commandOnNetwork();
    const { id } = await process.containers.create(web);
    await new Promise<void>((started) => {
      process.containers.startAttached(id, { streams, onStart: () => started() }).catch(() => undefined);
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
    expect(await containers.startAttached("web", { streams })).toMatchObject({ exitCode: 8 });
    expect(await containers.startAttached("web", { streams })).toMatchObject({ exitCode: 8 });
    expectAgreement(world);
  });
});

describe("a caller who gives up", () => {
  const reason = new Error("enough");

  test.each<[string, (process: TsdProcess, signal: AbortSignal) => Promise<unknown>]>([
    ["wait", ({ containers }, signal) => containers.wait("web", { signal })],
    ["stop", ({ containers }, signal) => containers.stop("web", { timeout: 3600, signal })],
  ])("of %s hears the reason, and the container runs on", async (_name, work) => {
    using world = new World();
    const process = await world.commandOnNetwork();
    await process.containers.runDetached({ ...web, command: ["stubborn"] });
    const caller = new AbortController();
    const waiting = work(process, caller.signal);
    setTimeout(() => caller.abort(reason), 20);
    await expect(waiting).rejects.toBe(reason);
    expect(process.containers.inspect("web").container.status).toBe("running");
    expectAgreement(world);
  });
});

describe("a container that its caller leaves", () => {
  test.each([true, false])(
    "runs on, and its supervisor releases it at its end (removed with it: %s)",
    async (autoRemove) => {
      using world = new World();
      const { containers } = await world.commandOnNetwork();
      const leaving = new AbortController();
      const onStart = (): void => leaving.abort();
      const spec = { ...web, autoRemove };
      const result = await containers.run(spec, { streams, onStart, leave: leaving.signal });
      expect(result).toMatchObject({ exitCode: 0, detached: true });
      const { id, status, attached } = containers.inspect("web").container;
      expect([status, attached]).toEqual(["running", false]);
      expectAgreement(world);
      world.containers.end(id, 5);
      await (await world.command()).containers.release(id);
      expect(containers.list({ all: true }).map(({ container }) => container.exitCode)).toEqual(autoRemove ? [] : [5]);
      expect(await containers.wait(id).catch(({ code }) => code)).toBe(autoRemove ? "TSD_CONTAINER_NOT_FOUND" : 5);
      expectAgreement(world);
    },
  );

  test("between two runs is started again by another process", async () => {
    using world = new World();
    const { containers } = await world.commandOnNetwork();
    const leaving = new AbortController();
    const onStart = ({ id }: Container): void => {
      world.containers.end(id, 3);
      setTimeout(() => leaving.abort(), 20);
    };
    const spec = { ...web, restart: { name: "always" } } as const;
    const result = await containers.run(spec, { streams, onStart, leave: leaving.signal });
    expect(result).toMatchObject({ exitCode: 0, detached: true });
    const { id } = containers.inspect("web").container;
    await (await world.command()).containers.release(id);
    expect(containers.inspect(id).container).toMatchObject({ status: "running", attached: false, restartCount: 1 });
    expectAgreement(world);
  });

  test("can be attached to again, by several at once, and each has its exit code", async () => {
    using world = new World();
    const { containers } = await world.commandOnNetwork();
    const { id } = await containers.runDetached({ ...web, autoRemove: true });
    let attached = 0;
    const onStart = (): void => {
      attached += 1;
      if (attached < 2) return;
      world.containers.end(id, 9);
    };
    const [one, other, removed] = await Promise.all([
      containers.attach("web", { streams, onStart }),
      containers.attach("web", { streams, onStart }),
      containers.wait("web", { condition: "removed" }),
    ]);
    expect([one.exitCode, other.exitCode, removed]).toEqual([9, 9, 9]);
    expectAgreement(world);
  });
});
