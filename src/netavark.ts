import { existsSync, readdirSync, readFileSync } from "node:fs";
import { runNetavark } from "./adapters/netavark/run-netavark.js";
import { writeError, writeOut } from "./cli/write-text.js";
import { VERSION } from "./version.js";

/** netavark, as podman runs it from share/podman. */
export async function main(): Promise<void> {
  const { env } = process;
  if (env.TSD_DEBUG === "1") (await import("./cli/watch-operations.js")).watchOperations();
  process.exitCode = await runNetavark(process.argv.slice(2), {
    open: async (options) => (await import("./index.js")).openTsd(options),
    startDaemon: async (file, args) => (await import("./kernel/programs/daemon.js")).startDaemon(file, args),
    read: (file) => readFileSync(file ?? 0, "utf8"),
    exists: existsSync,
    writeOut,
    writeError,
    links: () => readdirSync("/sys/class/net"),
    env,
    version: VERSION,
  });
}
