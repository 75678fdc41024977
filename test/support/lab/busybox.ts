import { resolve } from "node:path";
import { mustRun } from "./program.js";

/** Writes a tar for `tsd image import`: a root file system of busybox and nothing else. */
export async function makeBusyboxTar(tar: string): Promise<void> {
  await mustRun(["sh", "-ec", '"$0" > "$1"', resolve("script/busybox-image"), tar]);
}
