import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { detectCgroups, readCgroupFacts } from "../../../src/runtime/cgroup-mode.js";
import { ContainerFixture } from "./container-fixture.js";

const fixture = new ContainerFixture();
const cgroups = detectCgroups(readCgroupFacts());

beforeAll(() => {
  mkdirSync(`${fixture.directory}/data`);
  writeFileSync(`${fixture.directory}/data/file`, "from outside\n");
});
afterEach(async () => expect(await fixture.residue()).toEqual([]));
afterAll(() => fixture.dispose());

const shell = (script: string, more = {}) => fixture.output(fixture.spec(["sh", "-c", script], more));

describe("a container", () => {
  test("has docker's capabilities and a seccomp filter", async () => {
    const { text } = await shell("grep -E '^(Cap|Seccomp|NoNewPrivs)' /proc/self/status");
    const caps = cgroups.deviceRules ? "00000000a80425fb" : "00000000a00425fb";
    expect(text).toContain(`CapBnd:\t${caps}`);
    expect(text).toContain(`CapEff:\t${caps}`);
    expect(text).toContain("CapInh:\t0000000000000000");
    expect(text).toContain("Seccomp:\t2");
    expect(text).toContain("NoNewPrivs:\t0");
  });

  test("may not open namespaces, mount, or trace the machine, but may do everyday things", async () => {
    const { text } = await shell(
      "unshare -U true; mount -t tmpfs t /tmp; dmesg; mkfifo /tmp/p && echo fine; ping -c1 -W1 127.0.0.1 >/dev/null; echo $?",
    );
    expect(text.match(/not permitted|permission denied/gi)).toHaveLength(3);
    expect(text).toContain("fine\n");
  });

  test("sees masked paths empty and kernel settings read-only", async () => {
    const { text } = await shell(
      "wc -c < /proc/keys; ls /sys/firmware | wc -l; echo 1 > /proc/sys/kernel/panic; touch /sys/x",
    );
    expect(text.split("\n").slice(0, 2)).toEqual(["0", "0"]);
    expect(text.match(/Read-only file system/g)).toHaveLength(2);
  });

  test("has its own processes, host name, devices and terminals", async () => {
    const { text } = await shell(
      "echo $$; hostname; ls /dev; echo x > /dev/null; ls -d /dev/pts/ptmx; head -c4 /dev/urandom | wc -c",
    );
    expect(text).toMatch(/^1\nbox\n/);
    expect(text.split("\n")).toEqual(
      expect.arrayContaining(["full", "mqueue", "null", "ptmx", "pts", "random", "shm", "tty", "urandom", "zero", "4"]),
    );
  });

  test("runs as the user it was given, without that user's lost capabilities", async () => {
    const { text } = await shell("id; echo $HOME; grep CapEff /proc/self/status", { user: "bob" });
    expect(text).toMatch(/uid=1000\(bob\) gid=1001\(bob\) groups=(1001\(bob\),)?10\(wheel\)/);
    expect(text).toContain("/home/bob\n");
    expect(text).toContain("CapEff:\t0000000000000000");
    expect((await shell("id -u; id -g; echo $HOME", { user: "4711:12" })).text).toBe("4711\n12\n/\n");
    await expect(shell("id", { user: "nobody-here" })).rejects.toMatchObject({ kind: "not-found" });
  });

  test("has binds, writable or not, a working directory and its environment", async () => {
    const source = `${fixture.directory}/data`;
    const { text } = await shell("exec 2>&1; cat /data/file; echo in > /data/new; echo x > /ro/new; pwd; echo $A", {
      binds: [
        { source, target: "/data", readOnly: false },
        { source, target: "/ro", readOnly: true },
      ],
      workdir: "/tmp",
      env: ["PATH=/bin", "A=a b"],
    });
    expect(text).toBe("from outside\nsh: can't create /ro/new: Read-only file system\n/tmp\na b\n");
    expect(readFileSync(`${source}/new`, "utf8")).toBe("in\n");
  });

  test("keeps to its limits", async () => {
    const wanted = { memory: 32 * 2 ** 20, cpus: 0.5, cpuset: "0" };
    const available = ["memory", "cpu", "cpuset"].filter((name) => cgroups.controllers.has(name));
    if (available.length < 3) {
      await expect(shell("true", { limits: wanted })).rejects.toMatchObject({ code: "TSD_RUNTIME_LIMIT_UNSUPPORTED" });
      return;
    }
    const spec = fixture.spec(["sleep", "1000"], { limits: wanted });
    const { pid } = await fixture.runtime.create(spec);
    const groups = readFileSync(`/proc/${pid}/cgroup`, "utf8");
    const limit = (controller: string, file: string) =>
      readFileSync(`/sys/fs/cgroup/${controller}tsd-${spec.id}/${file}`, "utf8").trim();
    const isUnified = cgroups.mode === "unified";
    expect(groups).toContain(`/tsd-${spec.id}`);
    expect(limit(isUnified ? "" : "memory/", isUnified ? "memory.max" : "memory.limit_in_bytes")).toBe(
      String(wanted.memory),
    );
    expect(limit(isUnified ? "" : "cpuset/", "cpuset.cpus")).toBe("0");
    expect(limit(isUnified ? "" : "cpu/", isUnified ? "cpu.max" : "cpu.cfs_quota_us")).toMatch(/^50000\b/);
    await fixture.runtime.remove(spec);
  });

  test("cannot open devices that are none of its business", async () => {
    const { text } = await shell(
      "mknod /tmp/disk b 1 0; cat /tmp/disk > /dev/null && echo opened; mknod /tmp/null c 1 3 && cat /tmp/null && echo null",
    );
    expect(text).not.toContain("opened");
    expect(text).toContain("not permitted");
    expect(text.includes("null\n")).toBe(cgroups.deviceRules);
  });
});
