import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, test } from "@jest/globals";
import type { Confinement, SeccompProfile } from "../../../src/contracts/index.js";
import { grantedCapabilities, hostCapabilities } from "../../../src/runtime/capabilities.js";
import { grantedDevices } from "../../../src/runtime/devices.js";
import { initBind } from "../../../src/runtime/init-program.js";
import { ociText, parseOciText } from "../../../src/runtime/oci-text.js";
import { parseHardLimits, processLimits } from "../../../src/runtime/rlimits.js";
import { defaultSeccomp } from "../../../src/runtime/seccomp.js";
import { compileSeccomp } from "../../../src/runtime/seccomp-profile.js";
import { resolveGroups } from "../../../src/runtime/user.js";
import { plainConfinement } from "../../support/plain-confinement.js";

const refusal = (code: string, words: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(words) });

describe("capabilities", () => {
  const host = ["CAP_CHOWN", "CAP_NET_ADMIN", "CAP_KILL", "CAP_MKNOD", "CAP_SYS_ADMIN"];
  const granted = (asked: Partial<Confinement>, deviceRules = true) =>
    grantedCapabilities({ ...plainConfinement, ...asked }, host, deviceRules);

  test("are docker's by default, without CAP_MKNOD where devices are open", () => {
    expect(granted({})).toHaveLength(14);
    expect(granted({}, false)).not.toContain("CAP_MKNOD");
  });

  test.each<[string, Partial<Confinement>, readonly string[]]>([
    [
      "all but those dropped by name",
      { capAdd: ["ALL"], capDrop: ["CAP_KILL"] },
      host.filter((one) => one !== "CAP_KILL"),
    ],
    ["those added after all are dropped", { capAdd: ["CAP_NET_ADMIN"], capDrop: ["ALL"] }, ["CAP_NET_ADMIN"]],
    ["those added and dropped by name", { capAdd: ["CAP_KILL"], capDrop: ["ALL", "CAP_KILL"] }, ["CAP_KILL"]],
    ["all of the host's, whatever is dropped", { privileged: true, capDrop: ["ALL"] }, host],
  ])("%s", (_name, asked, expected) => {
    expect(granted(asked)).toEqual(expected);
  });

  test("that the host lacks are refused", () => {
    expect(() => granted({ capAdd: ["CAP_BPF"] })).toThrow(refusal("TSD_RUNTIME_CAPABILITY", "CAP_BPF"));
  });

  test("of the host are read by their bits", () => {
    expect(hostCapabilities("CapBnd:\t0000020000000021\n")).toEqual(["CAP_CHOWN", "CAP_KILL"]);
    expect(hostCapabilities("CapBnd:\t0000010000001000\n")).toEqual(["CAP_NET_ADMIN", "CAP_CHECKPOINT_RESTORE"]);
  });

  test("bring the system calls that they are for", () => {
    const names = (...caps: readonly string[]) => defaultSeccomp(caps).syscalls[0]?.names ?? [];
    expect(names()).not.toContain("mount");
    expect(names("CAP_SYS_ADMIN")).toEqual(expect.arrayContaining(["mount", "unshare", "clone"]));
    expect(names("CAP_SYS_TIME")).toContain("clock_settime");
    expect(defaultSeccomp(["CAP_SYS_ADMIN"]).syscalls.flatMap(({ args }) => args ?? [])).not.toContainEqual(
      expect.objectContaining({ op: "SCMP_CMP_MASKED_EQ" }),
    );
  });
});

test("a profile's rules hold where their conditions do", () => {
  const always = { arches: [], caps: [] };
  const rule = (name: string, includes: object, excludes: object = {}) => ({
    names: [name],
    action: "SCMP_ACT_ALLOW",
    includes: { ...always, ...includes },
    excludes: { ...always, ...excludes },
  });
  const profile: SeccompProfile = {
    defaultAction: "SCMP_ACT_ERRNO",
    defaultErrnoRet: 1,
    architectures: [],
    archMap: [{ architecture: "SCMP_ARCH_X86_64", subArchitectures: ["SCMP_ARCH_X86"] }],
    rules: [
      rule("always", {}),
      rule("admin", { caps: ["CAP_SYS_ADMIN"] }),
      rule("notadmin", {}, { caps: ["CAP_SYS_ADMIN"] }),
      rule("arm", { arches: ["arm64"] }),
      rule("notintel", {}, { arches: ["amd64"] }),
      rule("newer", { minKernel: "6.5" }),
      rule("older", { minKernel: "4.8" }),
    ],
  };
  const compiled = compileSeccomp(profile, ["CAP_SYS_ADMIN"], { architecture: "amd64", kernel: "6.1.0-9-amd64" });
  expect(compiled.syscalls.flatMap(({ names }) => names)).toEqual(["always", "admin", "older"]);
  expect(compiled).toMatchObject({ architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"], defaultErrnoRet: 1 });
  expect(compiled.syscalls[0]).toEqual({ names: ["always"], action: "SCMP_ACT_ALLOW" });
});

describe("devices", () => {
  const asked = (source: string, more: Partial<Confinement> = {}) =>
    grantedDevices({ ...plainConfinement, devices: [{ source, target: "/dev/x", access: "rw" }], ...more });

  test("are given by their numbers, through links too", () => {
    const directory = mkdtempSync(`${tmpdir()}/tsd-devices-`);
    try {
      symlinkSync("/dev/null", `${directory}/link`);
      symlinkSync("/etc/passwd", `${directory}/other`);
      for (const source of ["/dev/null", `${directory}/link`]) {
        const { nodes, rules } = asked(source);
        expect(nodes).toMatchObject([{ type: "c", path: "/dev/x", major: 1, minor: 3, fileMode: 0o666 }]);
        expect(rules).toEqual([{ allow: true, type: "c", major: 1, minor: 3, access: "rw" }]);
      }
      expect(() => asked(`${directory}/other`)).toThrow(refusal("TSD_DEVICE_INVALID", "is no device"));
      // Links below a directory are left out.
      expect(() => asked(directory)).toThrow(refusal("TSD_DEVICE_INVALID", "without devices"));
      expect(() => asked(`${directory}/gone`)).toThrow(refusal("TSD_DEVICE_MISSING", "no such device"));
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test("of a directory are all that are in it, and all of the host's for a privileged container", () => {
    expect(asked("/dev/net").nodes).toMatchObject([{ path: "/dev/x/tun", major: 10, minor: 200 }]);
    const { nodes, rules } = grantedDevices({ ...plainConfinement, privileged: true });
    expect(nodes.map(({ path }) => path)).toEqual(expect.arrayContaining(["/dev/null", "/dev/net/tun"]));
    expect(nodes.filter(({ path }) => /^\/dev\/(pts|shm|ptmx|console|tty)(\/|$)/.test(path))).toEqual([]);
    expect(rules).toEqual([]);
  });
});

describe("limits of processes", () => {
  const own = parseHardLimits(
    "Limit                     Soft Limit           Hard Limit           Units     \n" +
      "Max open files            20000                20000                files     \n" +
      "Max core file size        0                    unlimited            bytes     \n",
  );

  test("are given beside the default one, without limit too", () => {
    const limits = [
      { name: "core", soft: 0, hard: -1 },
      { name: "nofile", soft: 10, hard: 20 },
    ];
    expect(processLimits([], own, false)).toEqual([{ type: "RLIMIT_NOFILE", soft: 1024, hard: 20_000 }]);
    expect(processLimits(limits, own, false)).toEqual([
      { type: "RLIMIT_NOFILE", soft: 10, hard: 20 },
      { type: "RLIMIT_CORE", soft: 0, hard: -1 },
    ]);
  });

  test("above tsd's own are refused, unless it may raise them", () => {
    const more = [{ name: "nofile", soft: 1, hard: 30_000 }];
    expect(() => processLimits(more, own, false)).toThrow(refusal("TSD_RUNTIME_ULIMIT", "20000 at most, and 30000"));
    expect(processLimits(more, own, true)).toContainEqual({ type: "RLIMIT_NOFILE", soft: 1, hard: 30_000 });
  });

  test("of none are the kernel's number in the configuration, and no text is taken for one", () => {
    const config = { rlimits: [{ soft: -1, hard: -1 }], args: ['"soft":-1,', "-1", '{"hard":-1}'], oomScoreAdj: -1 };
    const text = ociText(config);
    expect(text).toContain('{"soft":18446744073709551615,"hard":18446744073709551615}');
    expect(text.match(/18446744073709551615/g)).toHaveLength(2);
    expect(parseOciText(text)).toEqual(config);
  });
});

test("groups are found by name in a hostile file, and numbers need none", () => {
  const group = `${"x".repeat(70_000)}\nvideo:x:44:\nbroken:x:notanumber:\nhuge:x:99999999999:\n`;
  expect(resolveGroups(["video", "7"], { group })).toEqual([44, 7]);
  for (const name of ["broken", "huge", "nobody"])
    expect(() => resolveGroups([name], { group })).toThrow(refusal("TSD_RUNTIME_USER_UNKNOWN", name));
});

test("an init is the first that is there, or none in words", () => {
  const directory = mkdtempSync(`${tmpdir()}/tsd-init-`);
  try {
    writeFileSync(`${directory}/plain`, "", { mode: 0o644 });
    writeFileSync(`${directory}/init`, "", { mode: 0o755 });
    expect(initBind([`${directory}/gone`, `${directory}/plain`, directory, `${directory}/init`])).toEqual({
      source: `${directory}/init`,
      target: "/dev/init",
      readOnly: true,
    });
    expect(() => initBind([directory])).toThrow(expect.objectContaining({ hint: expect.stringContaining("apt-get") }));
  } finally {
    rmSync(directory, { recursive: true });
  }
});
