import { describe, expect, test } from "@jest/globals";
import type { Bind, RuntimeSpec } from "../../../src/contracts/index.js";
import { Bundle } from "../../../src/runtime/bundle.js";
import { conmonArguments } from "../../../src/runtime/conmon.js";
import { execProcess } from "../../../src/runtime/exec-process.js";
import { ociConfig, type Surroundings } from "../../../src/runtime/oci-spec.js";
import { RuntimeProgram } from "../../../src/runtime/runtime-program.js";
import { plainConfinement } from "../../support/plain-confinement.js";

const spec: RuntimeSpec = {
  id: "a".repeat(64),
  name: "web",
  rootfs: "/r",
  netns: "/run/netns/x",
  command: ["serve", "--all"],
  env: ["PATH=/bin"],
  workdir: "/srv",
  hostname: "box",
  user: "",
  tty: false,
  interactive: false,
  limits: {},
  confinement: plainConfinement,
  keepsInput: false,
  binds: [{ source: "/s", target: "/t", readOnly: true }],
  tmpfs: [],
};
const surroundings: Surroundings = {
  user: { uid: 0, gid: 0, additionalGids: [10], home: "/root" },
  cgroups: {
    mode: "legacy",
    controllers: new Set(["memory", "cpu", "cpuset", "devices"]),
    deviceRules: true,
    swap: true,
  },
  hardLimits: { "Max open files": 20_000 },
  capabilities: ["CAP_CHOWN", "CAP_NET_ADMIN", "CAP_SYS_ADMIN"],
  devices: { nodes: [], rules: [] },
  seccompHost: { architecture: "amd64", kernel: "6.1.0" },
  deepReadOnly: [],
  runtime: "/usr/bin/crun",
};

describe("ociConfig", () => {
  test("carries the process, its namespaces and binds over", () => {
    const { process, linux, mounts, root, hostname } = ociConfig(spec, surroundings);
    expect({ root: root.path, hostname }).toEqual({ root: "/r", hostname: "box" });
    expect(process).toMatchObject({
      args: spec.command,
      cwd: "/srv",
      env: ["PATH=/bin", "HOME=/root"],
      terminal: false,
    });
    expect(process.user).toEqual({ uid: 0, gid: 0, additionalGids: [10] });
    expect(process.rlimits).toEqual([{ type: "RLIMIT_NOFILE", soft: 1024, hard: 20_000 }]);
    expect(linux.namespaces).toContainEqual({ type: "network", path: "/run/netns/x" });
    expect(mounts).toContainEqual({
      destination: "/t",
      type: "bind",
      source: "/s",
      options: ["rbind", "rprivate", "ro"],
    });
  });

  const bind = (target: string, readOnly = false) => ({ source: `/host${target}`, target, readOnly });
  const placesOf = (...binds: readonly Bind[]) =>
    ociConfig({ ...spec, binds }, surroundings).mounts.map(({ destination, type }) => `${destination} ${type}`);

  test("mounts the outer before the inner, in whichever order they come", () => {
    const binds = ["/a/b/c/d", "/a", "/etc/hosts", "/a/b/c", "/etc", "/a/b", "/dev/shm/x", "/proc/y"].map((at) =>
      bind(at),
    );
    for (const given of [binds, binds.toReversed()]) {
      const places = placesOf(...given);
      for (const [at, place] of places.entries())
        for (const later of places.slice(at + 1))
          expect(place.split(" ")[0]?.startsWith(`${later.split(" ")[0]}/`)).toBe(false);
      expect(places).toHaveLength(7 + binds.length);
    }
  });

  test("mounts memory in place of what it covers, and lets mounts of the host come in only where that is asked for", () => {
    const tmpfs = [{ target: "/dev/shm", options: ["size=1m"] }];
    const { mounts, linux } = ociConfig({ ...spec, binds: [bind("/a")], tmpfs }, surroundings);
    const shm = mounts.filter(({ destination }) => destination === "/dev/shm");
    expect(shm).toEqual([{ destination: "/dev/shm", type: "tmpfs", source: "tmpfs", options: ["size=1m"] }]);
    expect(linux.rootfsPropagation).toBeUndefined();
    const slave = { ...bind("/a"), propagation: "rslave", nonRecursive: true };
    const asked = ociConfig({ ...spec, binds: [slave] }, surroundings);
    expect(asked.linux.rootfsPropagation).toBe("rslave");
    expect(asked.mounts.find(({ destination }) => destination === "/a")?.options).toEqual(["bind", "rslave", "rw"]);
  });

  test("leaves to a bind what would be at its target or below", () => {
    expect(placesOf(bind("/dev"))).toEqual(["/proc proc", "/sys sysfs", "/dev bind", "/sys/fs/cgroup cgroup"]);
    expect(placesOf(bind("/sys"))).not.toContain("/sys/fs/cgroup cgroup");
    expect(placesOf(bind("/dev/shm"))).not.toContain("/dev/shm tmpfs");
    expect(placesOf(bind("/dev/shmem"), bind("/devices"))).toContain("/dev/shm tmpfs");
  });

  test("makes read-only what the host mounted below a read-only bind", () => {
    const deep = bind("/deep", true);
    const binds = [deep, bind("/flat", true), bind("/deep/inner")];
    const { mounts } = ociConfig({ ...spec, binds }, { ...surroundings, deepReadOnly: [deep] });
    const options = Object.fromEntries(mounts.map((mount) => [mount.destination, mount.options.slice(2)]));
    expect(options).toMatchObject({ "/deep": ["ro", "rro"], "/flat": ["ro"], "/deep/inner": ["rw"] });
  });

  test("counts processor time per tenth of a second", () => {
    const limited = ociConfig({ ...spec, limits: { memory: 1024, cpus: 1.5, cpuset: "0-1" } }, surroundings);
    expect(limited.linux.resources).toMatchObject({
      memory: { limit: 1024, swap: 2048 },
      cpu: { quota: 150_000, period: 100_000, cpus: "0-1" },
    });
    expect(ociConfig(spec, surroundings).linux.resources).not.toHaveProperty("cpu");
  });

  test("leaves cgroups alone, and CAP_MKNOD out, where there are none", () => {
    const { linux, process, mounts } = ociConfig(spec, {
      ...surroundings,
      cgroups: { mode: "none", controllers: new Set(), deviceRules: false, swap: false },
    });
    expect(linux).not.toHaveProperty("cgroupsPath");
    expect(linux.namespaces).not.toContainEqual({ type: "cgroup" });
    expect(mounts.map(({ type }) => type)).not.toContain("cgroup");
    expect(process.capabilities.bounding).not.toContain("CAP_MKNOD");
  });

  test("forbids what leads out of the container", () => {
    const { seccomp } = ociConfig(spec, surroundings).linux;
    const free = seccomp?.syscalls[0]?.names ?? [];
    expect(seccomp?.defaultAction).toBe("SCMP_ACT_ERRNO");
    for (const name of [
      "mount",
      "unshare",
      "setns",
      "clone",
      "clone3",
      "bpf",
      "kexec_load",
      "init_module",
      "open_by_handle_at",
      "keyctl",
      "io_uring_setup",
      "socket",
    ]) {
      expect(free).not.toContain(name);
    }
    expect(free).toEqual(expect.arrayContaining(["read", "openat", "execve", "futex", "epoll_wait", "getrandom"]));
    expect(new Set(free).size).toBe(free.length);
    expect(free.every((name) => /^[a-z0-9_]+$/.test(name))).toBe(true);
  });
});

describe("execProcess", () => {
  const first = ociConfig(spec, surroundings).process;

  test("is as the first process unless told otherwise", () => {
    expect(execProcess(first, { command: ["ls"] }, undefined)).toEqual({ ...first, args: ["ls"] });
  });

  test("gives another user a home and no capabilities", () => {
    const bob = { uid: 5, gid: 6, additionalGids: [], home: "/home/bob" };
    const process = execProcess(first, { command: ["ls"], tty: true, env: ["PATH=/opt", "X=1"] }, bob);
    expect(process.env).toEqual(["TERM=xterm", "PATH=/opt", "X=1", "HOME=/home/bob"]);
    expect(process).toMatchObject({
      terminal: true,
      user: { uid: 5, gid: 6 },
      capabilities: { effective: [], permitted: [] },
    });
    expect(process.capabilities.bounding).toEqual(first.capabilities.bounding);
  });
});

describe("conmonArguments", () => {
  const bundle = new Bundle("/run/tsd/c", spec.id);
  const args = (name: string, mode: "hybrid" | "legacy" | "none", more: Partial<RuntimeSpec> = {}) =>
    conmonArguments({
      conmon: "/usr/bin/conmon",
      runtime: new RuntimeProgram(`/usr/bin/${name}`, { ...surroundings.cgroups, mode }),
      bundle,
      logDir: "/log",
      exitCommand: ["/usr/bin/tsd", "release"],
      spec: { ...spec, ...more },
    });

  test("hide a busy version 2 tree from crun, and only from crun", () => {
    expect(args("crun", "hybrid").join(" ")).toContain("--runtime /usr/bin/unshare --runtime-arg=--mount");
    expect(args("crun", "legacy").join(" ")).toContain(
      `--runtime /usr/bin/crun --runtime-arg=--root --runtime-arg=${bundle.state} --exit`,
    );
    expect(args("runc", "hybrid").join(" ")).toContain("--runtime /usr/bin/runc");
    expect(args("crun", "none")).toContain("--runtime-arg=--cgroup-manager=disabled");
  });

  test("ask for a terminal and input only when wanted, and end with the container's id", () => {
    expect(args("crun", "legacy")).not.toContain("--terminal");
    expect(args("crun", "legacy", { tty: true, interactive: true })).toEqual(
      expect.arrayContaining(["--terminal", "--stdin"]),
    );
    expect(args("crun", "legacy").slice(-3)).toEqual(
      ["/usr/bin/tsd", "release", spec.id].map((arg) => `--exit-command-arg=${arg}`),
    );
  });
});
