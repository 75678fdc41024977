import { resolve } from "node:path";
import type { Ecosystems } from "./ecosystems.js";
import type { Host } from "./host.js";
import type { Output, ProgramOptions } from "./program.js";

/** Of the directory where podman finds tsd in netavark's place. */
const helpers = "/usr/lib/podman-tsd";

/** Debian's podman on a host, whose networks tsd makes. */
export class Podman {
  private constructor(private readonly ecosystems: Ecosystems) {}

  /** conmon passes no variables on to podman when a container ends, so that those of the lab's tsd stand in a script. */
  static async install({ root, runDirectory }: Host, ecosystems: Ecosystems): Promise<Podman> {
    const input = `#!/bin/sh
export TSD_ROOT=${root} TSD_RUN=${runDirectory}
exec ${resolve("share/podman/netavark")} "$@"
`;
    const write = 'mkdir -p "$1"; cat >"$1/netavark"; chmod +x "$1/netavark"';
    await ecosystems.mustRun(["sh", "-ec", write, "sh", helpers], { input });
    await ecosystems.setUpPodman("netavark", { helperDirs: [helpers] });
    return new Podman(ecosystems);
  }

  /** Runs it with the words of a line, to its end. */
  run(line: string, options: ProgramOptions = {}): Promise<Output> {
    return this.ecosystems.run(["podman", ...line.split(" ")], { timeout: 60_000, ...options });
  }

  /** Returns its standard output without the last newline. */
  async must(line: string): Promise<string> {
    const output = await this.ecosystems.mustRun(["podman", ...line.split(" ")], { timeout: 60_000 });
    return output.replace(/\n$/, "");
  }

  /** Runs a line of a shell where podman is. */
  shell(line: string): Promise<string> {
    return this.ecosystems.mustRun(["sh", "-ec", line], { timeout: 60_000 });
  }

  /** Calls netavark as podman does. */
  netavark(argv: readonly string[], input: string): Promise<Output> {
    return this.ecosystems.run([`${helpers}/netavark`, ...argv], { input });
  }
}
