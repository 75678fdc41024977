import { randomUUID } from "node:crypto";
import { globSync, readdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
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
  removeCgroups(host);
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

/** Ends all processes that have to do with the host's state, so that none of them tidies up. */
export async function killProcesses(host: Host): Promise<void> {
  const pids = processesOf(host);
  // Supervisors first: they would tidy up.
  const isSupervisor = ({ line }: { readonly line: string }): boolean => line.includes("conmon");
  for (const { pid } of [...pids.filter(isSupervisor), ...pids.filter((found) => !isSupervisor(found))]) {
    await runProgram(["kill", "-KILL", String(pid)]);
  }
  const deadline = Date.now() + 5000;
  while (processesOf(host).length > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Removes the cgroups of containers whose processes are gone. */
export function removeCgroups({ root }: Host): void {
  for (const path of globSync(`${root}/containers/*`)) {
    for (const cgroup of globSync(`/sys/fs/cgroup/{,*/}tsd-${basename(path)}`)) rmdirSync(cgroup);
  }
}

function processesOf(host: Host): readonly { readonly pid: number; readonly line: string }[] {
  return processResidue(host).flatMap((line) => {
    const pid = /^process (\d+) /.exec(line)?.[1];
    return pid === undefined ? [] : [{ pid: Number(pid), line }];
  });
}
