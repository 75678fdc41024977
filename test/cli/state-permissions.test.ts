import { rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "@jest/globals";
import { makeBusyboxTar } from "../support/lab/busybox.js";
import { processResidue } from "../support/lab/process-residue.js";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

test("state, sockets and logs are root's alone, even where the caller has no umask and nothing was there", async () => {
  const { host } = lab();
  const root = join(host.root, "fresh/root");
  const runDirectory = join(host.runDirectory, "fresh/run");
  const env = { TSD_ROOT: root, TSD_RUN: runDirectory };
  const tsd = (...words: readonly string[]) =>
    host.mustRun(["sh", "-c", 'umask 0; exec "$@"', "sh", resolve("bin/tsd"), ...words], {
      env: { PATH: process.env.PATH ?? "", ...env },
    });
  const asNobody = (...words: readonly string[]) =>
    host.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--", ...words]);

  const tar = join(host.root, "fresh.tar");
  await makeBusyboxTar(tar);
  await tsd("image", "import", tar, "busybox");
  await tsd("run", "-d", "-t", "--net", "none", "--name", "c", "busybox", "sh", "-c", "echo hello; exec sleep 1000");
  try {
    const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
    expect([mode(root), mode(runDirectory)]).toEqual(["700", "700"]);
    expect(await host.mustRun(["find", root, "-name", "state.db*", "-perm", "/077"])).toBe("");

    // Of a container's files its own users decide; in its bundle, which is 0700, conmon makes files as it likes.
    const all = await host.mustRun([
      "find",
      root,
      runDirectory,
      "-xdev",
      "-path",
      `${runDirectory}/containers/*/*`,
      "-prune",
      "-o",
      "-path",
      "*/rootfs",
      "-prune",
      "-o",
      "-path",
      "*/upper",
      "-prune",
      "-o",
      "-path",
      "*/layers/*",
      "-prune",
      "-o",
      "-not",
      "-type",
      "l",
      "-perm",
      "/022",
      "-print",
    ]);
    expect(all).toBe("");
    expect(
      await host.mustRun(["find", `${runDirectory}/containers`, "-mindepth", "1", "-maxdepth", "1", "-perm", "/077"]),
    ).toBe("");
    expect((await host.mustRun(["find", runDirectory, "-type", "s"])).trim().split("\n")).not.toEqual([""]);

    for (const directory of [root, runDirectory]) {
      const { code, stdout } = await asNobody("find", directory, "-mindepth", "1");
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    }
    const { stdout } = await asNobody("cat", join(root, "state.db"));
    expect(stdout).toBe("");
  } finally {
    await tsd("rm", "-f", "c");
    await host.run(["umount", "--quiet", join(runDirectory, "netns")]);
    // What releases the container in the background would make its state again.
    for (const deadline = Date.now() + 5000; Date.now() < deadline && namesProcess(processResidue(host)); )
      await new Promise((resolve) => setTimeout(resolve, 10));
    for (const path of [join(host.root, "fresh"), join(host.runDirectory, "fresh"), tar])
      rmSync(path, { recursive: true, force: true });
  }
}, 60_000);

function namesProcess(residue: readonly string[]): boolean {
  return residue.some((line) => line.startsWith("process "));
}
