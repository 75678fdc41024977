import { copyFileSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

const losses: Readonly<Record<string, (path: string) => void>> = {
  missing: (path) => rmSync(path),
  empty: (path) => writeFileSync(path, ""),
};

/** Those that look, make and free, with and without a plan. */
const commands = [
  ["ps"],
  ["check"],
  ["gc"],
  ["rm", "-f", "web"],
  ["network", "create", "x"],
  ["network", "create", "--dry-run", "x"],
];

test.each(Object.entries(losses))(
  "state that is %s is no fresh start where containers run: what runs is named, and all goes on once a copy is back",
  async (_name, lose) => {
    const { host } = lab();
    const path = `${host.root}/state.db`;
    await host.mustTsd(["network", "create", "a"]);
    await host.mustTsd(["run", "-d", "--name", "web", "--net", "a", "busybox", "sleep", "60"]);
    copyFileSync(path, `${path}.copy`);
    lose(path);
    for (const words of commands) {
      const { code, stderr } = await host.tsd(words);
      expect({ words, code, stderr }).toEqual({
        words,
        code: 1,
        stderr: expect.stringContaining('container "web", link veth'),
      });
      expect(stderr).toContain("hint: Put back a copy");
      expect(stderr).toContain("tsd gc --forget");
    }
    expect(existsSync(`${path}-wal`)).toBe(false);
    copyFileSync(`${path}.copy`, path);
    rmSync(`${path}.copy`);
    expect(await host.mustTsd(["ps", "--format", "{{.Names}}"])).toBe("web");
    await host.mustTsd(["rm", "-f", "web"]);
    await host.mustTsd(["network", "rm", "a"]);
  },
  60_000,
);

test("gc --forget begins a new state, and ends and frees all that the lost one knew", async () => {
  const { host } = lab();
  const env = { TSD_ROOT: `${host.root}/other`, TSD_RUN: `${host.runDirectory}/other` };
  const path = `${env.TSD_ROOT}/state.db`;
  const must = (...words: readonly string[]): Promise<string> => host.mustTsd(words, { env });
  await must("image", "import", `${host.root}/busybox.tar`, "busybox");
  // The value that an uplink's forwarding had is lost with the state; a network without a way out changes none.
  await must("network", "create", "--internal", "a");
  await must("run", "-d", "--name", "web", "--net", "a", "busybox", "sleep", "60");
  rmSync(path);
  expect((await must("gc", "--forget", "--dry-run")).split("\n").length).toBeGreaterThan(3);
  expect(existsSync(path)).toBe(false);
  expect(await host.tsd(["gc", "--forget"], { env })).toMatchObject({ code: 0, stderr: "" });
  expect(await must("ps", "-aq")).toBe("");
  expect(await must("image", "ls", "-q")).toBe("");
  expect(await host.tsd(["check"], { env })).toEqual({ code: 0, stdout: "", stderr: "" });
  await host.run(["umount", "--quiet", `${env.TSD_RUN}/netns`]);
  for (const directory of [env.TSD_ROOT, env.TSD_RUN]) rmSync(directory, { recursive: true });
}, 60_000);
