import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { LogLine, LogOptions } from "../../../src/api/index.js";
import type { RuntimeSpec } from "../../../src/contracts/index.js";
import { OciRuntime } from "../../../src/runtime/oci-runtime.js";
import { plainConfinement } from "../../support/plain-confinement.js";

/** A root file system of busybox, directories for a runtime, and what is left of them afterwards. */
export class ContainerFixture {
  readonly directory = mkdtempSync(`${tmpdir()}/tsd-runtime-`);
  readonly rootfs = `${this.directory}/rootfs`;
  readonly runDir = `${this.directory}/run`;
  readonly logDir = `${this.directory}/log`;
  readonly released = `${this.directory}/released`;
  readonly runtime: OciRuntime;
  /** First digits of every container's id. */
  private readonly mark = randomBytes(8).toString("hex");
  private made = 0;

  constructor(runtime?: string) {
    for (const name of ["bin", "etc", "root", "tmp"]) mkdirSync(`${this.rootfs}/${name}`, { recursive: true });
    copyFileSync("/bin/busybox", `${this.rootfs}/bin/busybox`);
    for (const applet of execFileSync("/bin/busybox", ["--list"], { encoding: "utf8" }).trim().split("\n")) {
      if (applet !== "busybox") symlinkSync("busybox", `${this.rootfs}/bin/${applet}`);
    }
    writeFileSync(`${this.rootfs}/etc/passwd`, "root:x:0:0::/root:/bin/sh\nbob:x:1000:1001::/home/bob:/bin/sh\n");
    writeFileSync(`${this.rootfs}/etc/group`, "root:x:0:\nbob:x:1001:\nwheel:x:10:bob\n");
    this.runtime = new OciRuntime({
      ...(runtime === undefined ? {} : { runtime }),
      runDir: this.runDir,
      logDir: this.logDir,
      exitCommand: ["/bin/sh", "-c", `echo "$0" >> ${this.released}`],
    });
  }

  spec(command: readonly string[], more: Partial<RuntimeSpec> = {}): RuntimeSpec {
    this.made += 1;
    const id = this.mark + this.made.toString(16).padStart(48, "0");
    return {
      id,
      name: `c${this.made}`,
      rootfs: this.rootfs,
      netns: `/proc/${process.pid}/ns/net`,
      command,
      env: ["PATH=/bin"],
      workdir: "/",
      hostname: "box",
      user: "",
      tty: false,
      interactive: false,
      limits: {},
      confinement: plainConfinement,
      keepsInput: false,
      binds: [],
      tmpfs: [],
      ...more,
    };
  }

  /** Runs a container to its end and returns what it wrote. */
  async output(spec: RuntimeSpec): Promise<{ readonly text: string; readonly code: number | undefined }> {
    await this.runtime.create(spec);
    await this.runtime.start(spec.id);
    const lines = await this.logs(spec.id, { follow: true });
    const code = (await this.exit(spec.id))?.code;
    await this.runtime.remove(spec);
    return { text: lines.map(({ text }) => text).join(""), code };
  }

  async logs(id: string, options: LogOptions = {}): Promise<readonly LogLine[]> {
    const lines: LogLine[] = [];
    for await (const line of this.runtime.logs(id, options)) lines.push(line);
    return lines;
  }

  async exit(id: string): Promise<ReturnType<OciRuntime["exit"]>> {
    await until(() => this.runtime.exit(id) !== undefined);
    return this.runtime.exit(id);
  }

  /** Ids for which the exit command was run. */
  releases(): readonly string[] {
    return existsSync(this.released) ? readFileSync(this.released, "utf8").trim().split("\n") : [];
  }

  /** Whatever a removed container must not leave behind. */
  async residue(): Promise<readonly string[]> {
    await until(() => this.processes().length === 0);
    const mounts = readFileSync("/proc/self/mounts", "utf8")
      .split("\n")
      .filter((line) => line.includes(this.directory));
    const bundles = existsSync(this.runDir) ? readdirSync(this.runDir) : [];
    const cgroups = globSync(`/sys/fs/cgroup/{,*/}tsd-${this.mark}*`);
    return [...this.processes(), ...mounts, ...bundles, ...cgroups];
  }

  dispose(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Supervisors, and processes with the root file system as theirs. */
  private processes(): readonly string[] {
    const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    return pids.filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(this.runDir);
      } catch {
        return false;
      }
    });
  }
}

/** Waits a bounded time for something to become true. */
export async function until(condition: () => boolean, milliseconds = 5000): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`still waiting after ${milliseconds} ms for ${condition}`);
    await sleep(2);
  }
}
