import { type ChildProcess, spawn } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, afterEach, describe, expect, test } from "@jest/globals";
import { BOUNDARY_OPERATIONS, type BoundaryOperation } from "../../../src/api/boundary-operation.js";
import { processes, startOf } from "../../../src/kernel/process-identity.js";
import { ContainerFixture, until } from "./container-fixture.js";

describe.each(["crun", "runc"])("a container under %s", (name) => {
  const fixture = new ContainerFixture(name);
  const { runtime } = fixture;

  afterEach(async () => expect(await fixture.residue()).toEqual([]));
  afterAll(() => fixture.dispose());

  test("runs detached, records its exit and calls the exit command", async () => {
    const spec = fixture.spec(["sh", "-c", "echo hello; exit 7"]);
    const { pid, start } = await runtime.create(spec);
    expect(pid).toBeGreaterThan(1);
    expect(start).toBeGreaterThan(0);
    expect(runtime.exit(spec.id)).toBeUndefined();
    await runtime.start(spec.id);
    expect(await fixture.exit(spec.id)).toMatchObject({ code: 7 });
    await until(() => fixture.releases().includes(spec.id));
    await runtime.remove(spec);
    expect((await fixture.logs(spec.id)).map(({ text }) => text)).toEqual(["hello\n"]);
    await runtime.forget(spec.id);
    expect(await fixture.logs(spec.id)).toEqual([]);
  });

  test("waits for its start", async () => {
    const spec = fixture.spec(["echo", "early"]);
    await runtime.create(spec);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await fixture.logs(spec.id)).toEqual([]);
    await runtime.remove(spec);
    expect(fixture.releases()).not.toContain(spec.id);
  });

  test.each([
    ["TERM", 143],
    ["9", 137],
    ["SIGINT", 130],
  ])("is killed by signal %s", async (signal, code) => {
    const spec = fixture.spec([
      "sh",
      "-c",
      `trap 'exit 143' TERM; trap 'exit 130' INT; echo up; while :; do sleep 0.01; done`,
    ]);
    await runtime.create(spec);
    await runtime.start(spec.id);
    for await (const _line of runtime.logs(spec.id, { follow: true })) break;
    await runtime.kill(spec, signal);
    expect(await fixture.exit(spec.id)).toMatchObject({ code });
    await runtime.kill(spec, signal);
    await runtime.remove(spec);
  });

  test("is removed while it runs, without its exit command, and only once", async () => {
    const spec = fixture.spec(["sleep", "1000"]);
    const process = await runtime.create(spec);
    await runtime.start(spec.id);
    const livesAtRemoval: boolean[] = [];
    const programs: string[] = [];
    const note = (message: unknown): void => {
      const { phase, into, what } = message as BoundaryOperation;
      if (phase === "after") return;
      if (what.endsWith(`${spec.id}/`)) livesAtRemoval.push(processes.isRunning(process));
      if (into === "program") programs.push(what);
    };
    subscribe(BOUNDARY_OPERATIONS, note);
    await runtime.remove(spec);
    unsubscribe(BOUNDARY_OPERATIONS, note);
    // Its control groups and its bundle: all that the runtime keeps of it.
    expect(livesAtRemoval).toEqual([false, false]);
    expect(programs).toEqual([]);
    await runtime.remove(spec);
    expect(fixture.releases()).not.toContain(spec.id);
    expect(runtime.exit(spec.id)).toBeUndefined();
  });

  test("is left to a process that attends to its end, as long as that lives", async () => {
    const other = spawn("sleep", ["1000"]);
    const died = once(other, "exit");
    const killed = `${other.pid} ${startOf(other.pid ?? 0)}`;
    other.kill("SIGKILL");
    await died;
    const isReleased = async (spoil: (file: string) => void): Promise<boolean> => {
      const spec = fixture.spec(["true"]);
      await runtime.create(spec);
      runtime.attend(spec.id);
      spoil(`${fixture.runDir}/${spec.id}/attendant`);
      await runtime.start(spec.id);
      await until(() => !runtime.isSupervised(spec.id));
      expect(runtime.exit(spec.id)).toMatchObject({ code: 0 });
      await runtime.remove(spec);
      return fixture.releases().includes(spec.id);
    };
    expect(await isReleased(() => undefined)).toBe(false);
    expect(await isReleased((file) => rmSync(file))).toBe(true);
    for (const words of ["", killed, `${process.pid} 1`, `1 2 3; exit 0`, `/ ${process.pid}`])
      expect(await isReleased((file) => writeFileSync(file, words))).toBe(true);
  });

  test("is removed with its control groups where the runtime was killed before it wrote that they exist", async () => {
    const { id } = fixture.spec(["true"]);
    mkdirSync(`${fixture.runDir}/${id}`, { recursive: true });
    const [hierarchy] = ["memory", "."].map((each) => `/sys/fs/cgroup/${each}`).filter((each) => existsSync(each));
    mkdirSync(`${hierarchy}/tsd-${id}`);
    const orphan = spawn("sleep", ["1000"]);
    writeFileSync(`${hierarchy}/tsd-${id}/cgroup.procs`, String(orphan.pid));
    const ended = once(orphan, "exit");
    await runtime.remove({ id: id });
    expect(await ended).toEqual([null, "SIGKILL"]);
  });

  test.each([
    ["whose pid is written down", true],
    // conmon writes it down once it has forked; its child may have failed and begun the shell by then.
    ["whose pid is not written down yet", false],
  ])("is removed with the shell, %s, that its supervisor becomes before the exit command", async (_, isWritten) => {
    const { id } = fixture.spec(["true"]);
    const bundle = `${fixture.runDir}/${id}`;
    mkdirSync(bundle, { recursive: true });
    const shell = spawn("busybox", ["sh", "-c", "read -r -t 30 line", `${bundle}/exit/${id}`, `${bundle}/config.json`]);
    if (isWritten) writeFileSync(`${bundle}/conmon.pid`, String(shell.pid));
    const ended = once(shell, "exit");
    await runtime.remove({ id });
    expect(await ended).toEqual([null, "SIGKILL"]);
  });

  test("is removed with the runtime that still makes it, though its supervisor is known", async () => {
    const { id } = fixture.spec(["true"]);
    const bundle = `${fixture.runDir}/${id}`;
    mkdirSync(bundle, { recursive: true });
    const [supervisor, maker] = ["conmon", "crun"].map((name) =>
      // crun has a mount namespace of its own where both versions of control groups are.
      spawn("unshare", ["--mount", "busybox", "sh", "-c", "read -r -t 30 line", name, "--bundle", bundle]),
    ) as [ChildProcess, ChildProcess];
    writeFileSync(`${bundle}/conmon.pid`, String(supervisor.pid));
    const ended = Promise.all([supervisor, maker].map((process) => once(process, "exit")));
    await runtime.remove({ id });
    expect(await ended).toEqual([
      [null, "SIGKILL"],
      [null, "SIGKILL"],
    ]);
  });

  test("is removed with a supervisor that has only begun to be one", async () => {
    const { id } = fixture.spec(["true"]);
    const bundle = `${fixture.runDir}/${id}`;
    mkdirSync(bundle, { recursive: true });
    // Without arguments, as a process is for a moment of execve(2).
    const supervisor = spawn("bash", [], { argv0: "" });
    const ended = once(supervisor, "exit");
    const removed = runtime.remove({ id });
    supervisor.stdin.end(`exec busybox sh -c 'sleep 30; exit' conmon --bundle ${bundle}\n`);
    await removed;
    expect(await ended).toEqual([null, "SIGKILL"]);
  });

  test.each([
    ["nosuch", "not-found", 127],
    ["/bin/nosuch", "not-found", 127],
    ["/etc", "invalid-input", 126],
    ["/etc/passwd", "invalid-input", 126],
  ])("cannot run %s", async (command, kind, exitCode) => {
    const spec = fixture.spec([command]);
    const failed = runtime.create(spec);
    await expect(failed).rejects.toMatchObject({ kind, details: { exitCode } });
    await expect(failed).rejects.toThrow(command);
    expect(fixture.releases()).not.toContain(spec.id);
    await runtime.forget(spec.id);
  });
});
