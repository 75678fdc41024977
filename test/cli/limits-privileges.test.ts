import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, test } from "@jest/globals";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
const tsd = (...words: readonly string[]) => lab().host.mustTsd(offline(words));
const failing = (...words: readonly string[]) => lab().host.tsd(offline(words));

/** The default network would stay. */
function offline(words: readonly string[]): readonly string[] {
  const [verb = "", ...rest] = words;
  return verb === "run" || verb === "create" ? [verb, "--net", "none", ...rest] : words;
}

/** The first of the files of either version of control groups that a container has. */
const group = (...names: readonly string[]): string =>
  `cat ${names.map((name) => `/sys/fs/cgroup/${name}`).join(" ")} 2>/dev/null | head -n 1`;
const pids = group("pids/pids.max", "pids.max");
const memory = group("memory/memory.limit_in_bytes", "memory.max");

describe.each(["crun", "runc"])("a container by %s", (runtime) => {
  const run = (flags: readonly string[], script: string) =>
    tsd("run", "--rm", "--runtime", runtime, ...flags, "busybox", "sh", "-c", script);

  test("keeps to its limits, and forks no more than it may", async () => {
    const flags = "-m 64m --pids-limit 20 --ulimit nofile=100:200 --ulimit core=-1 --shm-size 1m --oom-score-adj 300";
    const script = [
      ...[memory, pids, "ulimit -n", "ulimit -Hn", "ulimit -c", "cat /proc/self/oom_score_adj"],
      ...["df /dev/shm | tail -n 1 | awk '{print $2}'", "grep -E 'CapBnd|NoNewPrivs' /proc/self/status | tr '\\n' ' '"],
      "i=0; while [ $i -lt 40 ]; do sleep 3 & i=$((i+1)); done; echo all",
    ];
    const { stdout, stderr } = await failing(
      ...["run", "--rm", "--runtime", runtime, ...flags.split(" "), "busybox", "sh", "-c", script.join("; ")],
    );
    expect(stdout.split("\n").slice(0, 8)).toEqual([
      ...["67108864", "20", "100", "200", "unlimited", "300", "1024"],
      expect.stringMatching(/CapBnd:\s00000000[0-9a-f]{8} NoNewPrivs:\s0/),
    ]);
    expect(stdout).not.toContain("all");
    expect(stderr).toContain("can't fork");
    expect(await run([], pids)).toBe("4096");
  });

  test("makes a tun device with NET_ADMIN, as VPNs do, and none without", async () => {
    const programs = ["/usr/lib:/lib", "/usr/lib64:/lib64", "/usr/bin:/programs"].flatMap((one) => ["-v", `${one}:ro`]);
    const make = "/programs/ip tuntap add dev tun7 mode tun && cat /sys/class/net/tun7/tun_flags";
    expect(await run([...programs, "--cap-add", "NET_ADMIN", "--device", "/dev/net/tun"], make)).toMatch(/^0x/);
    expect(await failing("run", "--rm", "--runtime", runtime, ...programs, "busybox", "sh", "-c", make)).toMatchObject({
      code: 1,
    });
  });

  test("may do everything if it is privileged, and what it needs if it is not", async () => {
    const mount = "mkdir /m && mount -t tmpfs none /m && echo mounted";
    expect(
      await run(
        ["--privileged"],
        `${mount}; ls /dev/net/tun; touch /sys/fs/cgroup/x 2>&1; grep Seccomp: /proc/self/status`,
      ),
    ).toMatch(/^mounted\n\/dev\/net\/tun\n[\s\S]*Seccomp:\s0$/);
    expect(await run(["--cap-add", "SYS_ADMIN"], mount)).toBe("mounted");
    expect(await failing("run", "--rm", "--runtime", runtime, "busybox", "sh", "-c", mount)).toMatchObject({ code: 1 });
    const status = "grep -E 'NoNewPrivs|CapEff' /proc/self/status | tr -d '\\n'; id -G";
    expect(
      await run(["--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--group-add", "44"], status),
    ).toMatch(/CapEff:\s0{16}NoNewPrivs:\s1(0 )?44$/);
  });

  test("writes nothing to a read-only root, and knows its names", async () => {
    const script = "touch /x 2>/dev/null && echo wrote; touch /dev/shm/x && hostname && grep -c localhost /etc/hosts";
    expect(await run(["--read-only", "--hostname", "box"], script)).toMatch(/^box\n[1-9]$/);
  });

  test("obeys a seccomp profile of a file, which may go", async () => {
    const directory = mkdtempSync(`${tmpdir()}/tsd-profile-`);
    const file = `${directory}/profile.json`;
    const profile = {
      defaultAction: "SCMP_ACT_ALLOW",
      syscalls: [{ names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO" }],
    };
    writeFileSync(file, JSON.stringify(profile));
    await tsd(
      "create",
      "--name",
      "filtered",
      "--runtime",
      runtime,
      "--security-opt",
      `seccomp=${file}`,
      "busybox",
      "mkdir",
      "/m",
    );
    writeFileSync(file, "no more");
    expect((await failing("start", "-a", "filtered")).stderr).toContain("Operation not permitted");
    await tsd("rm", "filtered");
    rmSync(directory, { recursive: true });
  });

  test("shares namespaces and shared memory, and ends with the processes that it joined", async () => {
    const inode = (kind: string) => `readlink /proc/self/ns/${kind}`;
    const sleep = ["sh", "-c", "echo kept > /dev/shm/x; exec sleep 1000"];
    await tsd("run", "-d", "--name", "donor", "--runtime", runtime, "--ipc", "shareable", "busybox", ...sleep);
    const own = (await tsd("exec", "donor", "sh", "-c", ["pid", "ipc", "uts"].map(inode).join(";"))).split("\n");
    const joined = ["--pid", "container:donor", "--ipc", "container:donor", "--uts", "container:donor"];
    const script = [...["pid", "ipc", "uts"].map(inode), "cat /dev/shm/x"].join(";");
    expect((await run(joined, script)).split("\n")).toEqual([...own, "kept"]);
    await tsd(
      "run",
      "-d",
      "--name",
      "guest",
      "--runtime",
      runtime,
      "--pid",
      "container:donor",
      "busybox",
      "sleep",
      "1000",
    );
    expect(await tsd("check")).toBe("");
    await tsd("stop", "-t", "0", "donor");
    expect(await tsd("wait", "guest")).toBe("137");
    expect((await failing("start", "guest")).stderr).toContain(
      'container "donor", whose pid namespace is to be shared, is not running',
    );
    await tsd("rm", "donor", "guest");
    await tsd(
      "run",
      "-d",
      "--name",
      "wide",
      "--runtime",
      runtime,
      "--pid",
      "host",
      "busybox",
      "sh",
      "-c",
      "sleep 4711 & exec sleep 4711",
    );
    await tsd("rm", "-f", "wide");
    expect(await lab().host.mustRun(["sh", "-c", "grep -lz '^4711$' /proc/[0-9]*/cmdline || true"])).toBe("");
  });
});

test("a container is paused and goes on, whatever ends it", async () => {
  const status = () => tsd("ps", "-a", "--format", "{{.Status}}");
  await tsd("run", "-d", "--name", "web", "busybox", "sleep", "1000");
  await tsd("pause", "web");
  expect(await status()).toMatch(/^Up .*\(Paused\)$/);
  for (const [words, said] of [
    [["pause", "web"], 'container "web" is paused already'],
    [["exec", "web", "true"], 'container "web" is paused'],
    [["rm", "web"], 'container "web" is running'],
    [["start", "web"], 'container "web" is running already'],
  ] as const)
    expect((await failing(...words)).stderr).toContain(said);
  await tsd("unpause", "web");
  expect((await failing("unpause", "web")).stderr).toContain('container "web" is not paused');
  expect(await tsd("exec", "web", "echo", "on")).toBe("on");
  for (const end of [["stop", "-t", "0"], ["kill"], ["restart", "-t", "0"]] as const) {
    await tsd("pause", "web");
    await tsd(...end, "web");
    if (end[0] !== "restart") await tsd("start", "web");
    expect(await status()).not.toContain("Paused");
  }
  await tsd("pause", "web");
  await tsd("rm", "-f", "web");
});

test("limits change while a container runs, all of them or none", async () => {
  await tsd("run", "-d", "--name", "web", "busybox", "sleep", "1000");
  const held = () => tsd("exec", "web", "sh", "-c", `${pids}; ${memory}; ${group("cpu/cpu.cfs_quota_us", "cpu.max")}`);
  const before = await held();
  expect(await tsd("update", "--dry-run", "--pids-limit", "50", "web")).toMatch(
    /echo 50 > \/sys\/fs\/cgroup\/.*pids\.max/,
  );
  expect((await failing("update", "--pids-limit", "50", "--cpuset-cpus", "99", "web")).stderr).toContain(
    "--cpuset-cpus 99 names what is not there",
  );
  expect((await failing("update", "--pids-limit", "50", "--memory-swap", "1g", "web")).code).not.toBe(0);
  expect(await held()).toBe(before);
  for (const size of ["64m", "256m", "32m"]) {
    await tsd("update", "--pids-limit", "50", "--memory", size, "--cpus", "0.5", "web");
    expect(await held()).toMatch(new RegExp(`^50\n${Number.parseInt(size, 10) * 2 ** 20}\n50000`));
  }
  await tsd("restart", "-t", "0", "web");
  expect(await held()).toMatch(/^50\n33554432\n50000/);
  await tsd("rm", "-f", "web");
});

test("a container keeps the runtime that made it", async () => {
  const by = (runtime: string, ...words: readonly string[]) =>
    lab().host.mustTsd(offline(words), { env: { TSD_RUNTIME: runtime } });
  await by("runc", "run", "-d", "--name", "kept", "busybox", "sleep", "1000");
  expect(await by("crun", "exec", "kept", "echo", "on")).toBe("on");
  await by("crun", "restart", "-t", "0", "kept");
  expect(await by("crun", "exec", "kept", "echo", "on")).toBe("on");
  expect(JSON.parse(await by("crun", "stop", "-t", "0", "--json", "kept"))).toMatchObject([{ runtime: "runc" }]);
  await tsd("rm", "kept");
});

test.each([
  [["-m", "1"], "--memory 1 is below the least that a container needs, 6m"],
  [["--cpus", "100000"], "--cpus 100000 is not from 0.01 to"],
  [["--device", "/etc/passwd"], "--device /etc/passwd is no device, but a file"],
  [["--device", "/dev/nosuch"], "this host has no such device"],
  [["--group-add", "nosuch"], 'no group "nosuch"'],
  [["--security-opt", "seccomp=/dev/zero"], "the seccomp profile /dev/zero is no file"],
  [["--security-opt", "seccomp=/proc/kmsg"], "the seccomp profile /proc/kmsg"],
  [["--userns", "keep-id"], "containers have the host's user namespace"],
  [["--platform", "linux/s390x"], "containers run on the machine's own processor"],
  [["--cgroup-parent", "/x"], "each container has a control group of its own"],
  [["--runtime", "nosuch"], "the program nosuch is not installed"],
  [["--pid", "container:self", "--name", "self"], "leads in a circle"],
])("run %j is refused in a sentence", async (flags, words) => {
  const { code, stderr } = await failing("run", "--rm", ...flags, "busybox", "true");
  expect({ code, stderr }).toEqual({ code: 125, stderr: expect.stringContaining(words) });
});
