import { readFileSync } from "node:fs";

/** Whether this is the virtual machine of script/test-vm: some twenty times slower, and a world of its own. */
export const isEmulated = readFileSync("/proc/cmdline", "utf8").includes(" tsd.guest=");
