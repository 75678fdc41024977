import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";
import type { ExecSpec } from "../../../src/api/index.js";
import type { RuntimeSpec } from "../../../src/contracts/index.js";
import type { ContainerFixture } from "./container-fixture.js";
import type { ForegroundTask } from "./foreground-program.js";

/** foreground-program.ts as a program of its own: streams and terminals are a process's, and so is ending by itself. */
export class ForegroundProgram {
  /** Below node_modules, so that packages are found from there. */
  private readonly path = new URL(`../../../node_modules/.cache/foreground-${process.pid}.mjs`, import.meta.url)
    .pathname;

  constructor(private readonly fixture: ContainerFixture) {}

  async build(): Promise<void> {
    mkdirSync(new URL(".", `file://${this.path}`), { recursive: true });
    await build({
      entryPoints: [new URL("foreground-program.ts", import.meta.url).pathname],
      ...{ bundle: true, platform: "node", format: "esm", packages: "external", outfile: this.path },
    });
  }

  /** Runs it with pipes. */
  start(spec: RuntimeSpec): Started {
    const child = spawn(process.execPath, [this.path, this.argument(spec)]);
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    return { child, ended };
  }

  /**
   * Runs it on a terminal of 33 × 101, after `before`, typing each text once another is shown. Returns all that was shown.
   */
  async onTerminal(spec: RuntimeSpec, { exec, keys = [], before = "true" }: TerminalUse): Promise<string> {
    const lines = [
      "stty rows 33 cols 101",
      before,
      '"$NODE" "$PROGRAM" "$ARGUMENT"',
      'echo "code=$?"',
      'stty -a | grep -o " -*icanon"',
    ];
    const env = { ...process.env, NODE: process.execPath, PROGRAM: this.path, ARGUMENT: this.argument(spec, exec) };
    const child = spawn("script", ["-qec", lines.join("\n"), "/dev/null"], { env });
    let shown = "";
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.stdout.on("data", (chunk: Buffer) => {
      shown += chunk.toString();
    });
    for (const [after, type] of keys) {
      for (let tries = 0; !shown.includes(after) && tries < 1000; tries += 1) await sleep(5);
      child.stdin.write(type);
    }
    await ended;
    return shown;
  }

  /** Runs it in a mount namespace of its own after a shell script there. Returns what it wrote, of both kinds. */
  async afterMounts(script: string, spec: RuntimeSpec): Promise<string> {
    const command = `exec 2>&1; ${script} && exec "$@"`;
    const child = spawn("unshare", ["-m", "sh", "-c", command, "sh", process.execPath, this.path, this.argument(spec)]);
    return (await buffer(child.stdout)).toString();
  }

  dispose(): void {
    rmSync(this.path, { force: true });
  }

  private argument(spec: RuntimeSpec, exec?: ExecSpec): string {
    const { runDir, logDir } = this.fixture;
    const task: ForegroundTask = {
      options: { runDir, logDir, exitCommand: ["/bin/true"] },
      spec,
      ...(exec === undefined ? {} : { exec }),
    };
    return JSON.stringify(task);
  }
}

interface Started {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<number | null>;
}

interface TerminalUse {
  readonly exec?: ExecSpec;
  readonly keys?: readonly (readonly [after: string, type: string])[];
  readonly before?: string;
}
