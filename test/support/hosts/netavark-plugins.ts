import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { mustRun } from "../lab/program.js";

/** One of those in which tsd looks for plug-ins. What lies above it is hidden as long as a test has plug-ins. */
const above = "/usr/local/lib";
const directory = `${above}/netavark`;
const calls = `${above}/calls`;

/** Plug-ins of netavark's as programs of the machine, in the mount namespace of the test. */
export const netavarkPlugins = {
  async begin(): Promise<void> {
    await mustRun(["mount", "-t", "tmpfs", "-o", "mode=755", "plugins", above]);
    mkdirSync(directory);
  },

  end: () => mustRun(["umount", above]),

  /** Adds one, by the lines of a shell. */
  add(name: string, script: string, mode = 0o755): void {
    writeFileSync(`${directory}/${name}`, `#!/bin/sh\n${script}\n`);
    chmodSync(`${directory}/${name}`, mode);
  },

  /** Adds the one that works, see netavark-plugin.mjs. */
  addWorking(name: string): void {
    const program = resolve("test/support/hosts/netavark-plugin.mjs");
    this.add(name, `CALLS=${calls} exec ${process.execPath} ${program} "$@"`);
  },

  /** Adds one that makes that interface in `setup`, and never replies. */
  addHanging(name: string, link: string): void {
    const make = `[ $1 != setup ] || nsenter --net="$2" ip link add ${link} type veth peer name ${link}-end`;
    this.add(name, `${make}; echo "$1 $2 {}" >> ${calls}; exec sleep 600`);
  },

  /** Waits for a call. */
  called: () => mustRun(["sh", "-c", `for i in $(seq 500); do [ ! -s ${calls} ] || exit 0; sleep 0.02; done; exit 1`]),

  remove: (name: string) => rmSync(`${directory}/${name}`),

  /** The verbs that the working one was called with since this was last asked, and what it was given. */
  calls(): readonly { readonly verb: string; readonly input: unknown }[] {
    const text = readFileSync(calls, { encoding: "utf8", flag: "a+" });
    rmSync(calls);
    return text
      .split("\n")
      .filter(Boolean)
      .map((line) => {
        const [verb = "", , ...rest] = line.split(" ");
        return { verb, input: JSON.parse(rest.join(" ")) };
      });
  },
};
