import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mustRun } from "./program.js";

const directories = ["bin", "dev", "etc", "proc", "root", "run", "sys", "tmp"];

/** Fills a directory with a root file system of busybox and nothing else; `busybox-static` is what script/bootstrap installs. */
async function makeBusyboxRootfs(directory: string): Promise<void> {
  for (const name of directories) mkdirSync(join(directory, name), { recursive: true });
  const busybox = (await mustRun(["sh", "-c", "command -v busybox"])).trim();
  copyFileSync(busybox, join(directory, "bin/busybox"));
  const applets = (await mustRun([busybox, "--list"])).trim().split("\n");
  for (const applet of applets) if (applet !== "busybox") symlinkSync("busybox", join(directory, "bin", applet));
  writeFileSync(join(directory, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nguest:x:1000:1000::/tmp:/bin/sh\n");
  writeFileSync(join(directory, "etc/group"), "root:x:0:\nguest:x:1000:\n");
}

/** Writes the same as a tar for `tsd image import`. */
export async function makeBusyboxTar(directory: string, tar: string): Promise<void> {
  await makeBusyboxRootfs(directory);
  await mustRun(["tar", "--create", "--file", tar, "--directory", directory, "--owner=0", "--group=0", "."]);
}
