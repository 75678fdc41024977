import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Directory, File, Overlay } from "../../../src/api/file-resource.js";
import { FilesystemProvider } from "../../../src/kernel/files/filesystem-provider.js";
import { enterWorld, leaveWorld } from "./world.js";

const provider = new FilesystemProvider();
const root = "/run/fs";
const mode = (path: string) => fs.statSync(path).mode & 0o7777;
const mounts = () => fs.readFileSync("/proc/self/mountinfo", "utf8");

beforeEach(() => {
  enterWorld();
  fs.mkdirSync(root);
});
afterEach(() => leaveWorld());

describe("a directory", () => {
  const directory: Directory = { kind: "directory", path: `${root}/a/b`, mode: 0o751 };

  test("is made with those above it, found right, adopted, and removed with its content, twice", async () => {
    await provider.ensure([directory, { kind: "directory", path: `${root}/plain` }]);
    expect([mode(directory.path), mode(`${root}/plain`)]).toEqual([0o751, 0o700]);
    expect(await provider.inspect([directory])).toEqual([]);
    fs.writeFileSync(`${directory.path}/kept`, "");
    await provider.ensure([directory]);
    expect(fs.existsSync(`${directory.path}/kept`)).toBe(true);
    await provider.remove([directory]);
    await provider.remove([directory]);
    expect(fs.readdirSync(`${root}/a`)).toEqual([]);
    expect(await provider.inspect([directory])).toEqual([{ resource: directory, problem: "missing" }]);
  });

  test("gets its mode back", async () => {
    await provider.ensure([directory]);
    fs.chmodSync(directory.path, 0o777);
    expect(await provider.inspect([directory])).toEqual([
      { resource: directory, problem: "different", found: "mode 0777" },
    ]);
    await provider.ensure([directory]);
    expect(mode(directory.path)).toBe(0o751);
  });

  test("is not put in the place of a file, and removal leaves that file", async () => {
    const taken: Directory = { kind: "directory", path: `${root}/file` };
    fs.writeFileSync(taken.path, "mine");
    await expect(provider.ensure([taken])).rejects.toMatchObject({
      kind: "conflict",
      message: `${root}/file is a file, where tsd needs a directory`,
    });
    await provider.remove([taken]);
    expect(fs.readFileSync(taken.path, "utf8")).toBe("mine");
  });

  test("is not removed under a mount, whose files stay", async () => {
    await provider.ensure([directory]);
    fs.mkdirSync(`${root}/precious`);
    fs.writeFileSync(`${root}/precious/data`, "");
    fs.mkdirSync(`${directory.path}/volume`);
    execFileSync("mount", ["--bind", `${root}/precious`, `${directory.path}/volume`]);
    await expect(provider.remove([directory])).rejects.toMatchObject({
      ...{ kind: "conflict", code: "TSD_DIRECTORY_MOUNTED" },
      hint: `Unmount it: umount ${directory.path}/volume`,
    });
    expect(fs.existsSync(`${root}/precious/data`)).toBe(true);
  });

  test("removal does not follow a link out of it", async () => {
    await provider.ensure([directory]);
    fs.mkdirSync(`${root}/outside`);
    fs.writeFileSync(`${root}/outside/data`, "");
    fs.symlinkSync(`${root}/outside`, `${directory.path}/link`);
    await provider.remove([directory]);
    expect(fs.existsSync(`${root}/outside/data`)).toBe(true);
  });
});

describe("a file", () => {
  const file: File = { kind: "file", path: `${root}/hosts`, content: "127.0.0.1\tlocalhost\n", mode: 0o644 };

  test("is written, found right, left alone, and removed twice", async () => {
    await provider.ensure([file]);
    expect([fs.readFileSync(file.path, "utf8"), mode(file.path)]).toEqual([file.content, 0o644]);
    const { ino } = fs.statSync(file.path);
    await provider.ensure([file]);
    expect(fs.statSync(file.path).ino).toBe(ino);
    expect(fs.readdirSync(root)).toEqual(["hosts"]);
    await provider.remove([file]);
    await provider.remove([file]);
    expect(await provider.inspect([file])).toEqual([{ resource: file, problem: "missing" }]);
  });

  test("has its mode whatever the umask, and leaves no draft", async () => {
    const mask = process.umask(0o077);
    await provider.ensure([file]);
    process.umask(mask);
    expect(await provider.inspect([file])).toEqual([]);
    expect(fs.readdirSync(root)).toEqual(["hosts"]);
  });

  test("is put right in place, so that a bind mount of it shows the change", async () => {
    await provider.ensure([file]);
    fs.writeFileSync(`${root}/etc-hosts`, "");
    execFileSync("mount", ["--bind", file.path, `${root}/etc-hosts`]);
    for (const content of [`${file.content}10.10.10.2\tweb\n`, "short\n", ""]) {
      const next = { ...file, content };
      expect(await provider.inspect([next])).toEqual([
        { resource: next, problem: "different", found: "other content" },
      ]);
      await provider.ensure([next]);
      expect(fs.readFileSync(`${root}/etc-hosts`, "utf8")).toBe(content);
      expect(await provider.inspect([next])).toEqual([]);
    }
    fs.chmodSync(file.path, 0o600);
    expect(await provider.inspect([{ ...file, content: "" }])).toMatchObject([{ found: "mode 0600" }]);
    await provider.ensure([file]);
    expect(await provider.inspect([{ ...file, path: `${root}/etc-hosts` }])).toEqual([]);
    execFileSync("umount", [`${root}/etc-hosts`]);
  });

  test("on a full disk is an error, and the old content and nothing else stays", async () => {
    fs.mkdirSync(`${root}/small`);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", `${root}/small`]);
    const small = { ...file, path: `${root}/small/file` };
    await provider.ensure([small]);
    await expect(provider.ensure([{ ...small, content: "x".repeat(200_000) }])).rejects.toMatchObject({
      kind: "kernel",
      message: `cannot write ${small.path}: no space left on device (ENOSPC)`,
    });
    expect(fs.readdirSync(`${root}/small`)).toEqual(["file"]);
    expect(await provider.inspect([small])).toEqual([]);
  });

  test("is not put in the place of a directory or a link", async () => {
    fs.mkdirSync(file.path);
    await expect(provider.ensure([file])).rejects.toMatchObject({ kind: "conflict" });
    await provider.remove([file]);
    expect(fs.existsSync(file.path)).toBe(true);
    fs.rmdirSync(file.path);
    fs.symlinkSync("/etc/hosts", file.path);
    await expect(provider.ensure([file])).rejects.toMatchObject({
      message: `${file.path} is a symbolic link, where tsd needs a file`,
    });
  });
});

describe("an overlay", () => {
  const build = (name: string, layers = 2): { directories: Directory[]; overlay: Overlay } => {
    const base = join(root, name);
    const lower = Array.from({ length: layers }, (_, index) => `${base}/lower${index}`);
    const overlay: Overlay = {
      kind: "overlay",
      path: `${base}/merged`,
      lower,
      upper: `${base}/upper`,
      work: `${base}/work`,
    };
    const paths = [base, ...lower, overlay.upper, overlay.work, overlay.path];
    return { directories: paths.map((path) => ({ kind: "directory", path })), overlay };
  };

  test.each(["plain", "with space", "comma,colon:back\\slash"])(
    "named %j is mounted, adopted, and unmounted twice",
    async (name) => {
      const { directories, overlay } = build(name);
      await provider.ensure(directories);
      fs.writeFileSync(`${overlay.lower[0]}/file`, "top");
      fs.writeFileSync(`${overlay.lower[1]}/file`, "bottom");
      await provider.ensure([overlay]);
      const before = mounts();
      await provider.ensure([overlay]);
      expect(mounts()).toBe(before);
      expect(await provider.inspect([overlay])).toEqual([]);
      expect(fs.readFileSync(`${overlay.path}/file`, "utf8")).toBe("top");
      fs.writeFileSync(`${overlay.path}/file`, "changed");
      expect(fs.readFileSync(`${overlay.upper}/file`, "utf8")).toBe("changed");
      await provider.remove([overlay]);
      await provider.remove([overlay]);
      expect(fs.readdirSync(overlay.path)).toEqual([]);
      expect(await provider.inspect([overlay])).toEqual([{ resource: overlay, problem: "missing" }]);
      await provider.remove(directories.toReversed());
      expect(fs.readdirSync(root)).toEqual([]);
    },
  );

  test("that is volatile is mounted so, and again after an end that nobody saw", async () => {
    const { directories, overlay } = build("volatile");
    const volatile: Overlay = { ...overlay, volatile: true };
    await provider.ensure(directories);
    for (let mount = 0; mount < 2; mount++) {
      await provider.ensure([volatile]);
      const line = mounts()
        .split("\n")
        .find((one) => one.includes(` ${overlay.path} `));
      expect(line).toMatch(/[,=]volatile$/);
      expect(await provider.inspect([volatile])).toEqual([]);
      fs.writeFileSync(`${overlay.path}/file`, "lost");
      await provider.remove([volatile]);
    }
    expect(await provider.describe("ensure", [volatile])).toEqual([expect.stringContaining(",volatile")]);
    await provider.remove(directories.toReversed());
  });

  test("is not put over another mount, which stays", async () => {
    const { directories, overlay } = build("taken");
    await provider.ensure(directories);
    execFileSync("mount", ["-t", "tmpfs", "other", overlay.path]);
    await expect(provider.ensure([overlay])).rejects.toMatchObject({
      ...{ kind: "conflict", code: "TSD_MOUNT_CONFLICT" },
      message: `${overlay.path} is taken by another mount of type tmpfs`,
    });
    await provider.remove([overlay]);
    expect(mounts()).toContain(` ${overlay.path} `);
  });

  test("of many layers is mounted from where they lie, and adopted as another is", async () => {
    const { directories, overlay } = build("many", 200);
    await provider.ensure(directories);
    const here = process.cwd();
    const [line] = await provider.describe("ensure", [overlay]);
    expect(line).toMatch(/^\(cd \S+ && mount -t overlay overlay -o lowerdir=lower0:lower1:/);
    await provider.ensure([overlay]);
    await provider.ensure([overlay]);
    expect(await provider.inspect([overlay])).toEqual([]);
    expect(process.cwd()).toBe(here);
    await provider.remove([overlay]);
    await provider.remove(directories.toReversed());
  });

  test("with more layers than a page of options holds is refused in words", async () => {
    const { overlay, directories } = build("many", 500);
    await provider.ensure(directories.slice(0, 1));
    await expect(provider.ensure([overlay])).rejects.toMatchObject({
      ...{ kind: "unsupported", code: "TSD_OVERLAY_LAYERS" },
      message: expect.stringMatching(
        /^500 layers are too many for one overlay mount: their paths take \d+ of 4095 bytes$/,
      ),
    });
  });

  test("without its directories is an error", async () => {
    await expect(provider.ensure([build("none").overlay])).rejects.toMatchObject({
      message: `cannot mount overlay ${root}/none/merged: no such file or directory (ENOENT)`,
    });
  });
});

test("resources are described in the words of the usual programs", async () => {
  const path = "/x";
  const resources = [
    { kind: "directory", path },
    { kind: "file", path, content: "a\n", mode: 0o644 },
    { kind: "file", path, content: "it's" },
    { kind: "overlay", path, lower: ["/a", "/b"], upper: "/u", work: "/w" },
  ] as const;
  expect(await provider.describe("ensure", resources)).toEqual([
    "mkdir -p -m 0700 /x",
    "install -m 0644 /dev/stdin /x <<'END'\na\nEND",
    "printf %s 'it'\\''s' | install -m 0600 /dev/stdin /x",
    "mount -t overlay overlay -o lowerdir=/a:/b,upperdir=/u,workdir=/w /x",
  ]);
  expect(await provider.describe("remove", resources)).toEqual(["rm -r /x", "rm /x", "rm /x", "umount -l /x"]);
});
