import { readFileSync, rmSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { ExecSpec, RuntimeSpec } from "../../../src/api/index.js";
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

  /** Runs a shell in the container and answers what it wrote to a file there. */
  async function shell(script: string, more: Partial<ExecSpec> = {}): Promise<string> {
    await runtime.exec(spec.id, {
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
  ])("answers the exit code of %s", async (script, code) => {
    expect(await runtime.exec(spec.id, { command: ["sh", "-c", script] })).toBe(code);
  });

  test.each([
    ["nosuch", 127],
    ["/bin/nosuch", 127],
    ["/etc", 126],
    ["/etc/passwd", 126],
  ])("refuses %s with a shell's code", async (command, exitCode) => {
    await expect(runtime.exec(spec.id, { command: [command] })).rejects.toMatchObject({
      message: expect.stringContaining(`"${command}"`),
      details: { exitCode },
    });
  });

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
      await runtime.exec(spec.id, {
        command: ["sh", "-c", 'test "$(id -u):$(id -g):$HOME" = 1000:1001:/home/bob'],
        user: "bob",
      }),
    ).toBe(0);
    await expect(runtime.exec(spec.id, { command: ["id"], user: "nobody-here" })).rejects.toMatchObject({
      kind: "not-found",
    });
  });

  test("has empty input unless it is interactive", async () => {
    expect(await runtime.exec(spec.id, { command: ["sh", "-c", "read line"] })).toBe(1);
  });

  test("is refused in a container without run-time files", async () => {
    await expect(runtime.exec("f".repeat(64), { command: ["true"] })).rejects.toMatchObject({ kind: "conflict" });
  });
});
