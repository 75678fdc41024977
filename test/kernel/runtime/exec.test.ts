import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { CommandResult, ExecOptions, ExecSpec, Streams } from "../../../src/api/index.js";
import type { RuntimeSpec } from "../../../src/contracts/index.js";
import { collectOutput } from "../../../src/engine/use-cases/collected-output.js";
import { ContainerFixture } from "./container-fixture.js";

describe.each(["crun", "runc"])("exec with %s", (name) => {
  const fixture = new ContainerFixture(name);
  const { runtime } = fixture;
  let spec: RuntimeSpec;

  beforeAll(async () => {
    spec = fixture.spec(["sleep", "1000"], { env: ["PATH=/bin", "A=first", "B=kept"], workdir: "/tmp" });
    await runtime.create(spec);
    await runtime.start(spec.id);
  });
  beforeEach(() => rmSync(`${fixture.rootfs}/tmp/out`, { force: true }));
  afterAll(async () => {
    await runtime.remove(spec);
    expect(await fixture.residue()).toEqual([]);
    fixture.dispose();
  });

  const exec = (command: ExecSpec, options: ExecOptions = {}): Promise<CommandResult> =>
    collectOutput(options.streams, async (streams, full) => {
      const call = { ...(full === undefined ? {} : { signal: full }), ...options, streams };
      return { exitCode: Number(await runtime.exec(spec.id, command, call)) };
    });
  const exitCodeOf = async (command: ExecSpec): Promise<number> => (await exec(command)).exitCode;

  /** Runs a shell in the container and returns what it wrote to a file there. */
  async function shell(script: string, more: Partial<ExecSpec> = {}): Promise<string> {
    await exitCodeOf({
      command: ["sh", "-c", `exec > /tmp/out; chmod 666 /tmp/out 2>/dev/null; ${script}`],
      ...more,
    });
    return readFileSync(`${fixture.rootfs}/tmp/out`, "utf8");
  }

  test.each([
    ["true", 0],
    ["exit 7", 7],
    ["kill -9 $$", 137],
    ["exit 255", 255],
  ])("returns the exit code of %s", async (script, code) => {
    expect(await exitCodeOf({ command: ["sh", "-c", script] })).toBe(code);
  });

  test.each([
    ["nosuch", 127],
    ["/bin/nosuch", 127],
    ["/etc", 126],
    ["/etc/passwd", 126],
  ])("refuses %s with a shell's code", async (command, exitCode) => {
    await expect(exec({ command: [command] })).rejects.toMatchObject({
      message: expect.stringContaining(`"${command}"`),
      details: { exitCode },
    });
  });

  test.each([false, true])(
    "reports the process of a command once its own program runs, with a terminal: %s",
    async (tty) => {
      const seen = Promise.withResolvers<string>();
      const controller = new AbortController();
      const running = exec(
        { command: ["sleep", "1001"], tty },
        { signal: controller.signal, onCommand: (pid) => seen.resolve(readFileSync(`/proc/${pid}/cmdline`, "utf8")) },
      );
      running.catch(seen.reject);
      expect(await seen.promise).toBe("sleep\x001001\0");
      controller.abort();
      await expect(running).rejects.toThrow();
      const pids: number[] = [];
      await expect(exec({ command: ["nosuch"] }, { onCommand: (pid) => pids.push(pid) })).rejects.toThrow();
      expect(pids).toEqual([]);
    },
  );

  test("shares the container's environment, directory and namespaces", async () => {
    expect(await shell("echo $A $B $HOME; pwd; hostname; grep -c . /proc/1/comm; cat /proc/1/comm")).toBe(
      "first kept /root\n/tmp\nbox\n1\nsleep\n",
    );
    expect(await shell("grep -E '^(CapEff|Seccomp):' /proc/self/status")).toMatch(/CapEff:\t00000000a8.*\nSeccomp:\t2/);
  });

  test("takes variables, a directory and a user of its own", async () => {
    const own = { env: ["A=mine", "C=new"], workdir: "/bin" };
    expect(await shell("echo $A $B $C; pwd", own)).toBe("mine kept new\n/bin\n");
    rmSync(`${fixture.rootfs}/tmp/out`);
    expect(
      await exitCodeOf({
        command: ["sh", "-c", 'test "$(id -u):$(id -g):$HOME" = 1000:1001:/home/bob'],
        user: "bob",
      }),
    ).toBe(0);
    await expect(exec({ command: ["id"], user: "nobody-here" })).rejects.toMatchObject({
      kind: "not-found",
    });
  });

  test("has empty input unless it is interactive", async () => {
    expect(await exitCodeOf({ command: ["sh", "-c", "read line"] })).toBe(1);
  });

  test("hands back what the command wrote, or writes it to streams of any kind", async () => {
    const both: ExecSpec = { command: ["sh", "-c", "cat; echo bad >&2; exit 3"], interactive: true };
    expect(await exec(both)).toEqual({ exitCode: 3, stdout: "", stderr: "bad\n" });
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const written = Promise.all([text(stdout), text(stderr)]);
    const result = await exec(both, { streams: { stdin: Readable.from(["in\n"]), stdout, stderr } });
    for (const stream of [stdout, stderr]) stream.end();
    expect([result, await written]).toEqual([{ exitCode: 3, stdout: "", stderr: "" }, ["in\n", "bad\n"]]);
  });

  test("keeps no more than memory should hold", async () => {
    const flood = exec({ command: ["sh", "-c", "trap '' PIPE; while :; do head -c 1000000 /dev/zero; done"] });
    await expect(flood).rejects.toMatchObject({ code: "TSD_OUTPUT_TOO_LONG" });
  });

  /** Streams of a command, and what to do once it has said something. */
  function hearing(then: () => void): Streams {
    const stdout = new PassThrough();
    stdout.once("data", then);
    return { stdout, stderr: new PassThrough() };
  }

  test("ends a command whose caller gives up, and says why", async () => {
    const caller = new AbortController();
    const reason = new Error("enough");
    const trap = "trap 'echo ended > /tmp/out; exit' TERM; echo ready; while :; do sleep 0.05; done";
    const options = { signal: caller.signal, streams: hearing(() => caller.abort(reason)) };
    await expect(exec({ command: ["sh", "-c", trap] }, options)).rejects.toBe(reason);
    expect(readFileSync(`${fixture.rootfs}/tmp/out`, "utf8")).toBe("ended\n");
    await expect(exec({ command: ["true"] }, options)).rejects.toBe(reason);
  });

  test("passes SIGKILL to the command, and not to the runtime", async () => {
    let kill = (): void => undefined;
    const onStart: ExecOptions["onStart"] = (send) => {
      kill = () => send("SIGKILL");
    };
    const command = ["sh", "-c", "trap '' TERM; echo ready; exec sleep 100"];
    expect(await exec({ command }, { onStart, streams: hearing(() => kill()) })).toMatchObject({ exitCode: 137 });
  });

  test("in a container whose files go just before the runtime looks for it fails, and makes no directory again", async () => {
    const late = `${fixture.directory}/${name}-late`;
    const other = new ContainerFixture(late);
    const script = `case " $* " in *" exec "*) rm -r ${other.runDir}/* ;; esac; exec ${name} "$@"`;
    writeFileSync(late, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const dying = other.spec(["sleep", "1000"]);
    const process = await other.runtime.create(dying);
    await other.runtime.start(dying.id);
    const streams = { stdin: Readable.from([]), stdout: new PassThrough(), stderr: new PassThrough() };
    await expect(other.runtime.exec(dying.id, { command: ["true"] }, { streams })).rejects.toThrow("run a command");
    expect(existsSync(`${other.runDir}/${dying.id}`)).toBe(false);
    await other.runtime.remove({ id: dying.id, process });
    expect(await other.residue()).toEqual([]);
    other.dispose();
  });

  test("is refused in a container without run-time files", async () => {
    await expect(runtime.exec("f".repeat(64), { command: ["true"] }, { streams: process })).rejects.toMatchObject({
      kind: "conflict",
    });
  });
});
