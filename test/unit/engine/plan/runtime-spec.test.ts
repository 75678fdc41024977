import { mkdirSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import type { ContainerSpec, ImageConfig } from "../../../../src/api/index.js";
import type { RuntimeSpec } from "../../../../src/contracts/index.js";
import { World } from "../../../support/engine/world.js";
import { image } from "../../store/support/rows.js";

const config: ImageConfig = {
  entrypoint: ["/entry", "-x"],
  command: ["serve"],
  env: ["PATH=/image", "A=image", "B=image"],
  workdir: "/srv",
  user: "web:web",
  exposedPorts: [],
  stopSignal: "QUIT",
};

const layers = ["1".repeat(64)];

/** What the runtime is told about a container of that image, or of another source. */
async function specOf(world: World, spec: ContainerSpec): Promise<RuntimeSpec> {
  world.store.transaction(() => world.store.images.put({ ...image("c".repeat(64), "web:latest"), layers, config }));
  const { containers } = await world.commandOnNetwork();
  const { id } = await containers.runDetached({ networks: [{ network: "n" }], ...spec });
  return world.containers.require(id, "running").spec;
}

const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

describe("a container's process", () => {
  test("is what its image says, where the caller says nothing", async () => {
    using world = new World();
    const spec = await specOf(world, { image: "web", name: "c" });
    expect(spec).toMatchObject({
      name: "c",
      command: ["/entry", "-x", "serve"],
      env: ["PATH=/image", `HOSTNAME=${spec.id.slice(0, 12)}`, "A=image", "B=image"],
      workdir: "/srv",
      hostname: spec.id.slice(0, 12),
      user: "web:web",
      tty: false,
      interactive: false,
      rootfs: `/state/containers/${spec.id}/rootfs`,
      netns: expect.stringMatching(/^\/run\/tsd\/netns\/[0-9a-f]{12}$/),
    });
    expect(spec).not.toHaveProperty("memory");
    expect(world.store.containers.get(spec.id)?.container.stopSignal).toBe("QUIT");
  });

  test("is what the caller says, over what the image does", async () => {
    using world = new World();
    const asked = {
      workdir: "/w",
      user: "7",
      tty: true,
      interactive: true,
    };
    const limits = { memory: 64 * 1024 * 1024, cpus: 1.5, cpuset: "0" };
    const env = ["A=caller", "C"];
    const spec = await specOf(world, {
      ...asked,
      ...limits,
      image: "web",
      command: ["sh", "-c", "x"],
      hostname: "h",
      env,
    });
    expect(spec).toMatchObject({
      ...asked,
      limits,
      command: ["/entry", "-x", "sh", "-c", "x"],
      env: ["PATH=/image", "HOSTNAME=h", "TERM=xterm", "A=caller", "B=image", "C"],
      hostname: "h",
    });
  });

  test("with an entrypoint of the caller's has none of the image's command", async () => {
    using world = new World();
    expect(await specOf(world, { image: "web", entrypoint: ["top"] })).toMatchObject({ command: ["top"] });
  });

  test("in a root directory has the house's defaults, and the directory as it is", async () => {
    using world = new World();
    const spec = await specOf(world, { rootfs: world.rootDirectory, command: ["sleep"] });
    expect(spec).toMatchObject({
      rootfs: world.rootDirectory,
      env: [path, `HOSTNAME=${spec.id.slice(0, 12)}`],
      workdir: "/",
      user: "",
    });
    expect(world.store.containers.get(spec.id)?.container.stopSignal).toBe("TERM");
  });

  test("sees the files that name hosts, then the caller's volumes", async () => {
    using world = new World();
    const volumes = [`${world.rootDirectory}:/a`, `${world.rootDirectory}:/etc/b:ro`];
    const { id, binds } = await specOf(world, { rootfs: world.rootDirectory, command: ["sleep"], volumes });
    const directory = world.store.containers.get(id)?.container.sandbox?.directory;
    const names = ["hosts", "hostname", "resolv.conf"].map((name) => ({
      source: `${directory}/${name}`,
      target: `/etc/${name}`,
      readOnly: false,
    }));
    expect(binds).toEqual([
      ...names,
      { source: world.rootDirectory, target: "/a", readOnly: false },
      { source: world.rootDirectory, target: "/etc/b", readOnly: true },
    ]);
  });

  test("sees the caller's own files of these names, and nothing in a read-only /etc that has no place for them", async () => {
    const targets = async (volume: (etc: string) => string) => {
      using world = new World();
      const etc = `${world.rootDirectory}/etc`;
      mkdirSync(etc);
      writeFileSync(`${etc}/hostname`, "");
      const volumes = [volume(etc)];
      const { binds } = await specOf(world, { rootfs: world.rootDirectory, command: ["sleep"], volumes });
      return binds.map(({ target }) => target);
    };
    const own = ["/etc/hosts", "/etc/hostname", "/etc/resolv.conf"];
    expect(await targets((etc) => `${etc}:/etc`)).toEqual([...own, "/etc"]);
    expect(await targets((etc) => `${etc}:/etc:ro`)).toEqual(["/etc/hostname", "/etc"]);
    expect(await targets((etc) => `${etc}/hostname:/etc/hosts`)).toEqual([
      "/etc/hostname",
      "/etc/resolv.conf",
      "/etc/hosts",
    ]);
  });
});

test("a container that was given no name has one of its own", async () => {
  using world = new World();
  const { containers } = await world.commandOnNetwork();
  const made = await Promise.all(["a", "b"].map(() => containers.create({ image: "busybox" })));
  const names = made.map(({ name }) => name);
  expect(new Set(names).size).toBe(2);
  for (const name of names) expect(name).toMatch(/^[a-z]+_[a-z]+_[0-9a-f]{2}$/);
});
