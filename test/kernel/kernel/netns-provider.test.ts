import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { libc } from "../../../src/kernel/libc.js";
import { createNetns, dropNetns } from "../../../src/kernel/netns/named-netns.js";
import { inNetns, isNetns } from "../../../src/kernel/netns/netns.js";
import { NetnsProvider } from "../../../src/kernel/netns/netns-provider.js";
import { countDescriptors, enterWorld, ip, leaveWorld, linkNames } from "./world.js";

const provider = new NetnsProvider();
const own = () => readlinkSync("/proc/thread-self/ns/net");
const netns = (name: string) => ({ kind: "netns", path: `/run/netns/${name}` }) as const;
let home: string;

beforeAll(() => {
  enterWorld();
  home = own();
});
afterAll(() => leaveWorld());

describe("a namespace with a name", () => {
  test("is made, seen by ip netns, found right, adopted, and removed twice", async () => {
    const one = netns("one");
    await provider.ensure([one]);
    expect(ip("netns list").map(({ name }) => name)).toContain("one");
    expect(linkNames(one.path)).toEqual(["lo"]);
    expect(inNetns(one.path, own)).not.toBe(home);
    expect(own()).toBe(home);
    expect(await provider.inspect([one])).toEqual([]);

    const inode = statSync(one.path).ino;
    await provider.ensure([one]);
    expect(statSync(one.path).ino).toBe(inode);

    await provider.remove([one]);
    await provider.remove([one]);
    expect(existsSync(one.path)).toBe(false);
    expect(readFileSync("/proc/self/mountinfo", "utf8")).not.toContain(one.path);
    expect(await provider.inspect([one])).toEqual([{ resource: one, problem: "missing" }]);
  });

  test("is refused where the name is taken, and the first stays", () => {
    const { path } = netns("twice");
    createNetns(path);
    const inode = statSync(path).ino;
    expect(() => createNetns(path)).toThrow(`cannot create network namespace ${path}: file already exists (EEXIST)`);
    expect(statSync(path).ino).toBe(inode);
    expect(dropNetns(path)).toBe(true);
    expect(dropNetns(path)).toBe(false);
  });

  test("replaces the empty file that a crash left, and removal takes such a file away", async () => {
    const crashed = netns("crashed");
    writeFileSync(crashed.path, "");
    expect(await provider.inspect([crashed])).toHaveLength(1);
    await provider.ensure([crashed]);
    expect(isNetns(crashed.path)).toBe(true);
    await provider.remove([crashed]);
    writeFileSync(crashed.path, "");
    await provider.remove([crashed]);
    expect(existsSync(crashed.path)).toBe(false);
  });

  test("does not touch a file with content, nor a directory", async () => {
    const file = netns("file");
    writeFileSync(file.path, "mine");
    await expect(provider.ensure([file])).rejects.toMatchObject({ kind: "conflict", code: "TSD_NETNS_CONFLICT" });
    await provider.remove([file]);
    expect(readFileSync(file.path, "utf8")).toBe("mine");
    mkdirSync("/run/netns/dir");
    await expect(provider.ensure([netns("dir")])).rejects.toMatchObject({ kind: "conflict" });
    await provider.remove([netns("dir")]);
    expect(existsSync("/run/netns/dir")).toBe(true);
  });

  test("is reached under a directory that appears, goes and comes again", async () => {
    const deep = { kind: "netns", path: "/run/deep/er/n" } as const;
    await provider.ensure([deep]);
    await provider.remove([deep]);
    execFileSync("umount", ["/run/deep/er"]);
    execFileSync("rm", ["-r", "/run/deep"]);
    await provider.ensure([deep]);
    expect(isNetns(deep.path)).toBe(true);
    await provider.remove([deep]);
  });
});

describe("mount propagation", () => {
  test("a namespace made here is seen and gone in a mount namespace that was made before", async () => {
    // A directory that no test has shared yet.
    const fresh = (name: string) => ({ kind: "netns", path: `/run/fresh/${name}` }) as const;
    await provider.ensure([fresh("before")]);
    const child = spawn("unshare", ["-m", "--propagation", "slave", "sh", "-c", "echo ready; exec sleep 20"]);
    try {
      await new Promise((resolve) => child.stdout.once("data", resolve));
      const seen = (name: string) =>
        readFileSync(`/proc/${child.pid}/mountinfo`, "utf8").includes(`/run/fresh/${name} `);
      await provider.ensure([fresh("later")]);
      expect([seen("before"), seen("later")]).toEqual([true, true]);
      await provider.remove([fresh("before"), fresh("later")]);
      expect([seen("before"), seen("later")]).toEqual([false, false]);
    } finally {
      child.kill();
    }
  });

  test("the directory is mounted over itself once only", async () => {
    for (const name of ["a", "b", "c"]) await provider.ensure([netns(name)]);
    const mounts = readFileSync("/proc/self/mountinfo", "utf8").match(/ \/run\/netns /g);
    expect(mounts).toHaveLength(1);
    await provider.remove(["a", "b", "c"].map(netns));
  });
});

describe("the bracket", () => {
  test("comes home when the work throws", async () => {
    await provider.ensure([netns("throwing")]);
    const work = () => {
      throw new Error("inside");
    };
    expect(() => inNetns("/run/netns/throwing", work)).toThrow("inside");
    expect(own()).toBe(home);
    await provider.remove([netns("throwing")]);
  });

  test("comes home and leaves nothing when the mount fails, after the namespace was made", () => {
    createNetns("/run/netns/warm");
    const before = countDescriptors();
    let inside = home;
    const refuse = () => {
      inside = own();
      return -1;
    };
    const { mount, errno } = libc();
    Object.assign(libc(), { mount: refuse, errno: () => 28 });
    try {
      expect(() => createNetns("/run/netns/full")).toThrow(/ENOSPC/);
    } finally {
      Object.assign(libc(), { mount, errno });
    }
    expect(inside).not.toBe(home);
    expect(own()).toBe(home);
    expect(existsSync("/run/netns/full")).toBe(false);
    expect(countDescriptors()).toBe(before);
    dropNetns("/run/netns/warm");
  });

  test.each([
    ["/run/netns/absent", "not-found", "there is no network namespace at /run/netns/absent"],
    ["/proc/self/ns/mnt", "invalid-input", "/proc/self/ns/mnt is not a network namespace"],
    ["/etc/passwd", "invalid-input", "/etc/passwd is not a network namespace"],
    ["/etc", "invalid-input", "/etc is not a network namespace"],
    ["/etc/passwd/x", "not-found", "there is no network namespace at /etc/passwd/x"],
  ])("%s is %s", (path, kind, message) => {
    expect(() => inNetns(path, own)).toThrow(expect.objectContaining({ kind, message }));
    expect(isNetns(path)).toBe(false);
  });

  test("a fifo does not hang it", () => {
    execFileSync("mkfifo", ["/run/fifo"]);
    expect(isNetns("/run/fifo")).toBe(false);
  });
});

test("no descriptor is left behind", async () => {
  const before = countDescriptors();
  for (let round = 0; round < 5; round++) {
    await provider.ensure([netns("fd")]);
    inNetns(netns("fd").path, own);
    await provider.inspect([netns("fd")]);
    await provider.remove([netns("fd")]);
  }
  expect(countDescriptors()).toBe(before);
});
