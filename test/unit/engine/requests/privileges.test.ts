import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { ContainerLimits, ContainerSpec } from "../../../../src/api/index.js";
import { checkLimits } from "../../../../src/engine/requests/check-limits.js";
import { parseConfinement } from "../../../../src/engine/requests/confinement.js";
import { checkNamespaces, isIpcParameter, namespaceMode } from "../../../../src/engine/requests/namespace-words.js";
import { parseSecurityOptions } from "../../../../src/engine/requests/security-options.js";
import { TsdError } from "../../../../src/errors/tsd-error.js";

const refused = (words: string) =>
  expect.objectContaining({ kind: "invalid-input", message: expect.stringContaining(words) });

describe("what a container may do", () => {
  const device = (text: string) => parseConfinement({ devices: [text] }).devices[0];

  test.each([
    ["/dev/net/tun", { source: "/dev/net/tun", target: "/dev/net/tun", access: "rwm" }],
    ["/dev/a:/dev/b", { source: "/dev/a", target: "/dev/b", access: "rwm" }],
    ["/dev/a:r", { source: "/dev/a", target: "/dev/a", access: "r" }],
    ["/dev/a:/dev/b:rw", { source: "/dev/a", target: "/dev/b", access: "rw" }],
  ])("a device %s", (text, expected) => expect(device(text)).toEqual(expected));

  test.each([
    "",
    "tun",
    "../tun",
    "/",
    "/dev/../etc",
    "/dev/a:b",
    "/dev/a:/b:x",
    "/dev/a:/b:rr",
    "/a:/b:r:w",
    "vendor.com/gpu=0",
  ])("no device %j", (text) => expect(() => device(text)).toThrow(refused("--device")));

  test("rules of devices, capabilities and groups", () => {
    const { deviceRules, capAdd, capDrop } = parseConfinement({
      deviceCgroupRules: ["c 10:200 rwm", "b *:* r", "a 1:* m"],
      capAdd: ["net_admin", "CAP_SYS_TIME", "all"],
      capDrop: ["ALL", "Chown"],
    });
    expect(deviceRules).toEqual([
      { type: "c", major: 10, minor: 200, access: "rwm" },
      { type: "b", access: "r" },
      { type: "a", major: 1, access: "m" },
    ]);
    expect([capAdd, capDrop]).toEqual([
      ["CAP_NET_ADMIN", "CAP_SYS_TIME", "ALL"],
      ["ALL", "CAP_CHOWN"],
    ]);
    for (const rule of ["", "c 10 rwm", "x 1:1 r", "c 1:1 rx", "c 1:1"])
      expect(() => parseConfinement({ deviceCgroupRules: [rule] })).toThrow(refused("--device-cgroup-rule"));
    for (const name of ["", "CAP_", "NET ADMIN", "constructor"])
      expect(() => parseConfinement({ capAdd: [name] })).toThrow(refused("--cap-add"));
    for (const group of ["", "a:b", "a b", "a\nb"])
      expect(() => parseConfinement({ groups: [group] })).toThrow(refused("--group-add"));
  });
});

describe("--security-opt", () => {
  test.each<[readonly string[], object]>([
    [[], { noNewPrivileges: false, unmasked: false, labels: [] }],
    [["no-new-privileges"], { noNewPrivileges: true }],
    [["no-new-privileges:true", "no-new-privileges=false"], { noNewPrivileges: false }],
    [["seccomp=unconfined"], { seccomp: "unconfined" }],
    [["systempaths=unconfined"], { unmasked: true }],
    [["apparmor=unconfined", "label:disable"], { labels: [] }],
    [["label=type:svirt"], { labels: [{ text: "label=type:svirt", module: "SELinux" }] }],
    [['seccomp={"defaultAction":"SCMP_ACT_ALLOW"}'], { seccomp: { defaultAction: "SCMP_ACT_ALLOW", rules: [] } }],
  ])("%j", (texts, expected) => expect(parseSecurityOptions(texts)).toMatchObject(expected));

  test("builtin takes a profile back", () => {
    expect(parseSecurityOptions(["seccomp=unconfined", "seccomp=builtin"])).not.toHaveProperty("seccomp");
  });

  test.each([
    ["", "--security-opt"],
    ["constructor", "--security-opt"],
    ["no-new-privileges=maybe", "--security-opt"],
    ["seccomp=", "--security-opt"],
    ["mask=/x", "--security-opt"],
    ["seccomp=nojson", "is not JSON"],
    ["seccomp={}", "profile.defaultAction is not a string: missing"],
    ['seccomp={"defaultAction":"SCMP_ACT_NOTIFY"}', "profile.defaultAction"],
    ['seccomp={"defaultAction":"SCMP_ACT_ALLOW","listenerPath":"/x"}', "listenerPath is not supported"],
    ['seccomp={"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":[1]}]}', "profile.syscalls[0].names[0]"],
    [
      'seccomp={"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["x"],"action":"SCMP_ACT_LOG","args":[{"index":9}]}]}',
      "args[0].index",
    ],
  ])("%j is refused", (text, words) => expect(() => parseSecurityOptions([text])).toThrow(refused(words)));

  test("any text is parsed or refused in words", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((text) => `seccomp=${text}`),
        ),
        (text) => {
          try {
            parseSecurityOptions([text]);
          } catch (error) {
            if (!TsdError.is(error)) throw error;
          }
        },
      ),
    );
  });
});

describe("limits", () => {
  const bounds = { processors: [0, 1, 3], memoryNodes: [0] };
  const m = 2 ** 20;

  test.each<ContainerLimits>([
    {},
    { memory: 6 * m, memorySwap: -1, memoryReservation: 6 * m },
    { memory: 0, memorySwap: 0, pidsLimit: -1, blkioWeight: 0, cpuQuota: -1 },
    { cpus: 3, cpuset: "0-1,3", cpusetMems: "0", cpuShares: 0 },
    { ulimits: [{ name: "core", soft: -1, hard: -1 }], oomScoreAdj: -1000, memorySwappiness: -1 },
  ])("%j can be kept", (limits) => expect(() => checkLimits(limits, bounds)).not.toThrow());

  test.each<[ContainerLimits, string]>([
    [{ memory: 1 }, "--memory 1 is below the least that a container needs, 6m"],
    [{ memory: 8 * m, memorySwap: 7 * m }, "--memory-swap 7340032 is below --memory 8388608"],
    [{ memorySwap: 7 * m }, "needs --memory"],
    [{ memory: 8 * m, memoryReservation: 9 * m }, "is above --memory"],
    [{ cpus: 100 }, "--cpus 100 is not from 0.01 to 3: this machine has 3 processors"],
    [{ cpus: Number.NaN, cpuset: "x" }, "--cpuset-cpus x is not a list"],
    [{ cpus: 1, cpuQuota: 5000 }, "does not go together with --cpus 1"],
    [{ cpuset: "2" }, "--cpuset-cpus 2 names what is not there: this machine has 0,1,3"],
    [{ cpuset: "0-999999" }, "names what is not there"],
    [{ cpuset: "1-0" }, "is not a list"],
    [{ cpusetMems: "1" }, "--cpuset-mems 1 names what is not there"],
    [{ cpuPeriod: 999 }, "--cpu-period 999 is not a whole number from 1000"],
    [{ cpuQuota: 999 }, "--cpu-quota 999"],
    [{ pidsLimit: -2 }, "--pids-limit -2"],
    [{ blkioWeight: 9 }, "--blkio-weight 9"],
    [{ oomScoreAdj: 1001 }, "--oom-score-adj 1001"],
    [{ memorySwappiness: 101 }, "--memory-swappiness 101"],
    [{ shmSize: 0 }, "--shm-size 0"],
    [{ ulimits: [{ name: "constructor", soft: 1, hard: 1 }] }, "names no limit"],
    [{ ulimits: [{ name: "nofile", soft: 2, hard: 1 }] }, "has a soft limit above its hard one"],
    [{ ulimits: [{ name: "nofile", soft: -1, hard: 1 }] }, "has a soft limit above its hard one"],
  ])("%j is refused: %s", (limits, words) => expect(() => checkLimits(limits, bounds)).toThrow(refused(words)));
});

describe("namespaces", () => {
  test("are a container's own, the host's or another's", () => {
    expect(namespaceMode("pid", undefined)).toEqual({ place: "own" });
    expect(namespaceMode("ipc", "shareable")).toEqual({ place: "own" });
    expect(namespaceMode("uts", "host")).toEqual({ place: "host" });
    expect(namespaceMode("pid", "container:web")).toEqual({ place: "container", ref: "web" });
  });

  test.each<[ContainerSpec, string]>([
    [{ pid: "shareable" }, '--pid "shareable" is not host, private or container:NAME'],
    [{ ipc: "container:" }, '--ipc "container:"'],
    [{ cgroupns: "x" }, '--cgroupns "x" is not host or private'],
    [{ uts: "host", hostname: "x" }, "--hostname does not go together with --uts host"],
    [{ uts: "container:x", domainname: "x" }, "--domainname does not go together"],
    [{ ipc: "none", shmSize: 1 }, "--shm-size does not go together with --ipc none"],
    [{ ipc: "host", sysctls: { "kernel.shmmax": "1" } }, "--sysctl kernel.shmmax does not go together with --ipc host"],
  ])("%j is refused: %s", (spec, words) => expect(() => checkNamespaces(spec)).toThrow(refused(words)));

  test("of ipc have parameters of their own", () => {
    expect(["kernel.shmmax", "kernel/msgmnb", "fs.mqueue.msg_max"].filter(isIpcParameter)).toHaveLength(3);
    expect(["kernel.panic", "fs.file-max", "fs.mqueue./x", "net.core.x"].filter(isIpcParameter)).toEqual([]);
  });
});
