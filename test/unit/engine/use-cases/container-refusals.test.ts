import { describe, expect, test } from "@jest/globals";
import { expectAgreement } from "../../../support/engine/agreement.js";
import { World } from "../../../support/engine/world.js";

const web = { image: "busybox", name: "web", networks: [{ network: "n" }] } as const;

describe("a request is refused, and nothing is left of it, when", () => {
  test.each([
    ["the name is taken", { ...web }, "conflict", /^container "web" exists already, with id [0-9a-f]{12}$/],
    ["the name is none", { ...web, name: "a b" }, "invalid-input", /^"a b" is not a name for a container$/],
    ["the network is unknown", { ...web, name: "x", networks: [{ network: "m" }] }, "not-found", /"m"/],
    [
      "an alias is for the default network",
      { ...web, name: "x", networks: [{ network: "bridge", aliases: ["db", "y"] }] },
      "invalid-input",
      /^no container would know the alias "db", "y" on network "bridge", where/,
    ],
    ["the image is unknown", { ...web, name: "x", image: "y" }, "not-found", /"y"/],
    ["there is no image", { name: "x", networks: [{ network: "n" }] }, "invalid-input", /^no image was named$/],
    [
      "there are two roots",
      { ...web, name: "x", rootfs: "/" },
      "invalid-input",
      /^both image "busybox" and a root file system were named$/,
    ],
    [
      "the root is missing",
      { name: "x", networks: [{ network: "n" }], rootfs: "/nowhere" },
      "not-found",
      /^root file system \/nowhere does not exist$/,
    ],
    [
      "the root has no command",
      { name: "x", networks: [{ network: "n" }], rootfs: "/" },
      "invalid-input",
      /^no command was given, and a root file system has none of its own$/,
    ],
    [
      "a volume is missing",
      { ...web, name: "x", mounts: [{ type: "bind" as const, source: "/nowhere", target: "/a" }] },
      "not-found",
      /^volume \/nowhere does not exist$/,
    ],
    ["a volume is none", { ...web, name: "x", volumes: ["a:b"] }, "invalid-input", /^cannot mount "a:b"/],
    [
      "two volumes have one target",
      { ...web, name: "x", volumes: ["/tmp:/m", "/usr:/m/"] },
      "invalid-input",
      /^"\/tmp:\/m" and "\/usr:\/m\/" are both to be mounted at \/m$/,
    ],
    [
      "a volume has no place in a read-only one around it",
      { ...web, name: "x", volumes: ["/tmp:/m/usr/no-such-place", "/usr:/m/usr:ro", "/:/m"] },
      "not-found",
      /^nothing can be mounted at \/m\/usr\/no-such-place: volume \/m\/usr around it is read-only, and \/usr\/no-such-place does not exist$/,
    ],
    ["a port is none", { ...web, name: "x", publish: ["0"] }, "invalid-input", /^cannot publish "0"/],
    [
      "a container publishes the port",
      { ...web, name: "x", publish: ["127.0.0.1:8080:1"] },
      "conflict",
      /^port 8080\/tcp of 127\.0\.0\.1 is published by container "web" \([0-9a-f]{12}\)$/,
    ],
  ])("%s", async (_why, spec, kind, message) => {
    using world = new World();
    const { containers } = await world.commandOnNetwork();
    await containers.runDetached({ ...web, publish: ["8080:80"] });
    const before = world.snapshot();
    await expect(containers.runDetached(spec)).rejects.toMatchObject({ kind, message: expect.stringMatching(message) });
    expect(world.snapshot()).toEqual(before);
    expectAgreement(world);
  });

  test("a running container is started, a stopped one signalled or entered", async () => {
    using world = new World();
    const { containers } = await world.commandOnNetwork();
    await containers.runDetached(web);
    await expect(containers.start("web")).rejects.toMatchObject({ message: 'container "web" is running already' });
    await containers.stop("web");
    const refusal = { code: "TSD_CONTAINER_NOT_RUNNING", message: 'container "web" is not running, but exited' };
    await expect(containers.kill("web", "TERM")).rejects.toMatchObject(refusal);
    await expect(containers.exec("web", { command: ["true"] })).rejects.toMatchObject(refusal);
    expectAgreement(world);
  });

  test("another process creates or removes the container that is to be started", async () => {
    using world = new World();
    const [maker, other] = [await world.commandOnNetwork(), await world.command()];
    const refused: unknown[] = [];
    const start = (): Promise<unknown> => other.containers.start("web").catch((error) => refused.push(error.message));
    maker.steps.interrupt(1, start);
    await maker.containers.create(web);
    maker.steps.interrupt(1, start);
    await maker.containers.remove("web");
    const { pid } = maker.owner;
    expect(refused).toEqual([
      `container "web" is being created by process ${pid}`,
      `container "web" is being removed by process ${pid}`,
    ]);
    expectAgreement(world);
  });

  test("another process runs or creates the container that is to be removed", async () => {
    using world = new World();
    const [maker, other] = [await world.commandOnNetwork(), await world.command()];
    for (const at of [1, 4, 9, 14]) {
      const refused: unknown[] = [];
      const remove = (): Promise<unknown> =>
        other.containers.remove("web", { force: true }).catch((error) => refused.push(error.message));
      maker.steps.interrupt(at, remove);
      await maker.containers.runDetached(web);
      expect(refused).toEqual([`container "web" is being created by process ${maker.owner.pid}`]);
      await other.containers.remove("web", { force: true });
    }
    expectAgreement(world);
  });
});
