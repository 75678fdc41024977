import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isInstalled, read } from "./command.ts";

/** Where a run happens, and what every benchmark may use. */
export interface Lab {
  readonly mode: "quick" | "full";
  /** The project's root. */
  readonly project: string;
  /** A directory on a real disk, empty at first, removed at the end. */
  readonly work: string;
  /** A root file system that holds busybox, as a directory. */
  readonly rootfs: string;
  /** The same as a tar archive. */
  readonly archive: string;
  /** The environment of every command that is measured: nothing of the caller's but its PATH. */
  readonly env: NodeJS.ProcessEnv;
}

const APPLETS = ["sh", "true", "sleep", "cat", "ip"];

export function openLab(project: string, mode: Lab["mode"]): Lab {
  mkdirSync(join(project, ".cache"), { recursive: true });
  const work = mkdtempSync(join(project, ".cache/bench-"));
  const rootfs = join(work, "rootfs");
  const archive = join(work, "rootfs.tar");
  for (const name of ["bin", "etc", "proc", "sys", "dev", "tmp", "run", "root"])
    mkdirSync(join(rootfs, name), { recursive: true });
  copyFileSync(read(["sh", "-c", "command -v busybox"]).trim(), join(rootfs, "bin/busybox"));
  for (const applet of APPLETS) symlinkSync("busybox", join(rootfs, "bin", applet));
  writeFileSync(join(rootfs, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
  writeFileSync(join(rootfs, "etc/group"), "root:x:0:\n");
  read(["tar", "-C", rootfs, "-cf", archive, "."]);
  const env = { PATH: process.env.PATH, HOME: "/run/home", LC_ALL: "C" };
  return { mode, project, work, rootfs, archive, env };
}

export function closeLab(lab: Lab): void {
  rmSync(lab.work, { recursive: true, force: true });
}

/** Compiles a program of bench/floor and returns its path; undefined where there is no C compiler. */
export function compileFloor(lab: Lab, name: string): string | undefined {
  if (!isInstalled("cc")) return undefined;
  const program = join(lab.work, name);
  read(["cc", "-O2", "-Wall", "-Werror", "-o", program, join(lab.project, "bench/floor", `${name}.c`)]);
  return program;
}
