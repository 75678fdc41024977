import { afterAll, afterEach, describe, expect, test } from "@jest/globals";
import { maskedPaths, readonlyPaths } from "../../../src/runtime/mounts.js";
import { ContainerFixture } from "./container-fixture.js";

const fixture = new ContainerFixture();
afterEach(async () => expect(await fixture.residue()).toEqual([]));
afterAll(() => fixture.dispose());

/** Numbers of <asm/unistd_64.h> and <asm-generic/unistd.h>, and arguments with which the call would do something, or fail otherwise. */
const forbidden: readonly (readonly [name: string, x64: number, arm64: number, ...args: readonly number[]])[] = [
  ["keyctl", 250, 219, 0, -3, 0],
  ["add_key", 248, 217, 0, 0, 0, 0, -3],
  ["request_key", 249, 218],
  ["mount", 165, 40],
  ["umount2", 166, 39],
  ["pivot_root", 155, 41],
  ["fsopen", 430, 430],
  ["open_tree", 428, 428],
  ["move_mount", 429, 429],
  ["mount_setattr", 442, 442],
  ["unshare (user namespace)", 272, 97, 0x1000_0000],
  ["unshare (mount namespace)", 272, 97, 0x2_0000],
  ["clone (user namespace)", 56, 220, 0x1000_0011],
  ["setns", 308, 268, 0, 0],
  ["bpf", 321, 280],
  ["perf_event_open", 298, 241],
  ["userfaultfd", 323, 282],
  ["io_uring_setup", 425, 425, 1],
  ["kexec_load", 246, 104],
  ["init_module", 175, 105],
  ["finit_module", 313, 273],
  ["open_by_handle_at", 304, 265],
  ["pidfd_getfd", 438, 438],
  ["reboot", 169, 142],
  ["swapon", 167, 224],
  ["syslog", 103, 116, 3],
  ["acct", 163, 89],
  ["socket (AF_VSOCK)", 41, 198, 40, 1, 0],
];

/** Makes each call and prints its errno, 0 for success. A child of clone would print too, so it leaves at once. */
const caller = `
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
for line in sys.argv[1].split(";"):
    words = [int(word) for word in line.split(",")]
    parent = os.getpid()
    answer = libc.syscall(*[ctypes.c_long(word) for word in (words + [0] * 6)[:7]])
    if os.getpid() != parent: os._exit(0)
    print(ctypes.get_errno() if answer < 0 else 0, flush=True)
`;

async function errnosOf(calls: readonly (readonly number[])[]): Promise<readonly number[]> {
  const binds = ["/usr", "/lib", "/lib64"].map((path) => ({ source: path, target: path, readOnly: true }));
  const words = calls.map((call) => call.join(",")).join(";");
  const { text } = await fixture.output(fixture.spec(["/usr/bin/python3", "-c", caller, words], { binds }));
  return text.trim().split("\n").map(Number);
}

const EPERM = 1;

describe("a container", () => {
  test("cannot make the calls that lead out of it, and can make others", async () => {
    const isX64 = process.arch === "x64";
    const calls = forbidden.map(([_name, x64, arm64, ...args]) => [isX64 ? x64 : arm64, ...args]);
    const getpid = [isX64 ? 39 : 172];
    const [control, ...errnos] = await errnosOf([getpid, ...calls]);
    expect(control).toBe(0);
    expect(forbidden.map(([name], at) => [name, errnos[at]])).toEqual(forbidden.map(([name]) => [name, EPERM]));
  });

  test("reads nothing of masked paths, and changes nothing of read-only ones", async () => {
    const script = `
      for p in ${maskedPaths.join(" ")}; do
        if [ -d $p ]; then ls -A $p; elif [ -e $p ]; then head -c1 $p; fi
      done
      for p in ${readonlyPaths.join(" ")}; do
        [ -e $p ] || continue
        grep -q " $p [a-z]* ro," /proc/self/mounts || echo "$p is writable"
      done
      for f in /proc/sys/kernel/hostname /proc/sys/net/ipv4/ip_forward /proc/sysrq-trigger; do
        (echo 1 > $f) 2> /dev/null && echo "$f was written"
      done
      mount -o remount,rw /proc/sys 2> /dev/null && echo remounted
      umount /proc/kcore 2> /dev/null && echo unmasked
      true`;
    const { text } = await fixture.output(fixture.spec(["sh", "-c", script]));
    expect(text).toBe("");
  });
});
