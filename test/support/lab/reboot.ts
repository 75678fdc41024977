import { randomUUID } from "node:crypto";
import { globSync, readdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect } from "@jest/globals";
import { eventually } from "../eventually.js";
import type { Host } from "./host.js";
import { bootId, processResidue } from "./process-residue.js";
import { mustRun, runProgram } from "./program.js";

/**
 * What a power cut does to a host, but for its network namespace: no process, no cgroup, no mount and no file of TSD_RUN is left, and
 * the kernel calls itself by another boot id, in this mount namespace. TSD_ROOT stays.
 */
export async function powerCut(host: Host): Promise<void> {
  await killProcesses(host);
  const mounts = globSync([
    `${host.root}/containers/*/rootfs`,
    `${host.runDirectory}/netns/*`,
    `${host.runDirectory}/netns`,
  ]);
  for (const path of mounts.sort().reverse()) await runProgram(["umount", "--quiet", path]);
  await removeCgroups(host);
  for (const name of readdirSync(host.runDirectory)) rmSync(join(host.runDirectory, name), { recursive: true });
  const file = join(host.root, "..", "boot_id");
  writeFileSync(file, `${randomUUID()}\n`);
  await runProgram(["umount", "--quiet", bootId]);
  await mustRun(["mount", "--bind", file, bootId]);
}

/** Takes the kernel's own boot id back. */
export async function forgetPowerCut(): Promise<void> {
  await runProgram(["umount", "--quiet", bootId]);
}

/** Ends all processes that have to do with the host's state, also those that they start meanwhile, so that none of them tidies up. */
export async function killProcesses(host: Host): Promise<void> {
  // Supervisors first: they would tidy up.
  const isSupervisor = ({ line }: { readonly line: string }): boolean => line.includes("conmon");
  await eventually(async () => {
    const found = processesOf(host);
    for (const { pid } of [...found.filter(isSupervisor), ...found.filter((one) => !isSupervisor(one))]) {
      await runProgram(["kill", "-KILL", String(pid)]);
    }
    expect(found).toEqual([]);
  });
}

/** Removes the cgroups of containers. A process that was killed has none of the host's state any more some time before it leaves its cgroup. */
export async function removeCgroups({ root }: Host): Promise<void> {
  for (const path of globSync(`${root}/containers/*`)) {
    for (const cgroup of globSync(`/sys/fs/cgroup/{,*/}tsd-${basename(path)}`))
      await eventually(async () => rmdirSync(cgroup));
  }
}

function processesOf(host: Host): readonly { readonly pid: number; readonly line: string }[] {
  return processResidue(host).flatMap((line) => {
    const pid = /^process (\d+) /.exec(line)?.[1];
    return pid === undefined ? [] : [{ pid: Number(pid), line }];
  });
}
