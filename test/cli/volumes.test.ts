import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
const tsd = (...words: readonly string[]) => lab().host.tsd([...words]);
const must = (...words: readonly string[]) => lab().host.mustTsd([...words]);
const inside = (...words: readonly string[]) => must("run", "--rm", "--net", "none", ...words);
const root = () => lab().host.root;
/** What the tests copy, apart from what is tsd's. */
let place = "";
beforeAll(() => {
  place = mkdtempSync("/run/volumes-");
});
afterAll(() => rmSync(place, { recursive: true }));

const data = (name: string) => `${root()}/volumes/${name}/_data`;

describe("with an image that has data", () => {
  beforeAll(async () => {
    // As the root file systems of databases are: data of a user of their own, and a link that leads out.
    const tree = `${place}/tree`;
    mkdirSync(tree);
    const script = `
      mkdir -p "$0/bin" "$0/etc" "$0/var/lib/db/sub" "$0/tmp"
      cp "$(command -v busybox)" "$0/bin/busybox"; for name in sh cat ls stat touch sleep mkdir ln; do ln -s busybox "$0/bin/$name"; done
      echo one > "$0/var/lib/db/one"; ln "$0/var/lib/db/one" "$0/var/lib/db/two"; truncate -s 1G "$0/var/lib/db/sub/sparse"
      ln -s /etc/passwd "$0/var/lib/db/link"; ln -s ../../../../../../../../etc "$0/var/out"; echo mine > "$0/etc/mark"
      chown -R 70:999 "$0/var/lib/db"; chmod 700 "$0/var/lib/db"; chmod 640 "$0/var/lib/db/one"
      setfattr -n user.a -v b "$0/var/lib/db/one" 2>/dev/null || true
      tar --sparse -C "$0" -cf "$0.tar" .`;
    execFileSync("sh", ["-ec", script, tree]);
    await must("image", "import", `${tree}.tar`, "db");
    await lab().settle();
  });
  afterAll(async () => {
    await must("image", "rm", "db");
    await lab().settle();
  });

  test("a new volume is filled once, with owners, modes, hard links and holes, and keeps what is written", async () => {
    expect(await inside("-v", "pg:/var/lib/db", "db", "stat", "-c", "%u:%g %a", "/var/lib/db", "/var/lib/db/one")).toBe(
      "70:999 700\n70:999 640",
    );
    const [one, two, sparse] = ["one", "two", "sub/sparse"].map((name) => statSync(`${data("pg")}/${name}`));
    expect(one?.ino).toBe(two?.ino);
    expect({ size: sparse?.size, isSmall: (sparse?.blocks ?? 0) < 100 }).toEqual({ size: 2 ** 30, isSmall: true });
    expect(readdirSync(`${root()}/volumes/pg`)).toEqual(["_data"]);
    await inside("-v", "pg:/var/lib/db", "db", "sh", "-c", "echo more > /var/lib/db/more");
    expect(await inside("-v", "pg:/else", "db", "cat", "/else/more")).toBe("more");
    // The path ends in a link that leads out: it stays within the image.
    expect(await inside("-v", "out:/var/out", "db", "ls", "/var/out")).toContain("mark");
    expect(existsSync(`${data("out")}/shadow`)).toBe(false);
    await inside("-v", "bare:/var/lib/db:nocopy", "db", "ls", "/var/lib/db");
    expect(readdirSync(data("bare"))).toEqual([]);
    await must("volume", "rm", "pg", "out", "bare");
  });

  test("a copy that is cut short is done again, and one that is whole is finished", async () => {
    await must("volume", "create", "vv");
    const volume = `${root()}/volumes/vv`;
    mkdirSync(`${volume}/filling/copy`, { recursive: true });
    writeFileSync(`${volume}/filling/copy/half`, "");
    await inside("-v", "vv:/var/lib/db", "db", "ls", "/var/lib/db");
    expect(readdirSync(data("vv")).sort()).toEqual(["link", "one", "sub", "two"]);
    mkdirSync(`${volume}/filled`);
    writeFileSync(`${volume}/filled/late`, "");
    await inside("-v", "vv:/v", "db", "ls", "/v/late");
    expect(readdirSync(volume)).toEqual(["_data"]);
    await must("volume", "rm", "vv");
  });
});

test("volumes are listed, refused while a container has them, and pruned; those without a name go with their container", async () => {
  await must("volume", "create", "--label", "tier=db", "kept");
  expect(await must("volume", "create", "kept")).toBe("kept");
  expect(await tsd("volume", "create", "-o", "type=tmpfs", "kept")).toMatchObject({ code: 1 });
  await must("create", "--name", "c", "-v", "kept:/k", "-v", "/nameless", "busybox", "true");
  const names = async (...words: readonly string[]) => (await must("volume", "ls", "-q", ...words)).trim().split("\n");
  expect(await names("--filter", "label=tier=db")).toEqual(["kept"]);
  expect(await names("--filter", "dangling=true")).toEqual([""]);
  const [nameless = ""] = (await names()).filter((name) => name !== "kept");
  expect(nameless).toMatch(/^[0-9a-f]{64}$/);
  expect(await tsd("volume", "rm", "kept", nameless)).toMatchObject({
    ...{ code: 1, stdout: "" },
    stderr: expect.stringContaining('volume "kept" is in use by container "c"'),
  });
  expect(JSON.parse(await must("inspect", "--format", "{{json .Mounts}}", "c"))).toMatchObject([
    { Type: "volume", Name: "kept", Source: data("kept"), Destination: "/k", Driver: "local", RW: true },
    { Type: "volume", Name: nameless, Destination: "/nameless" },
  ]);
  expect(await inside("--volumes-from", "c:ro", "busybox", "sh", "-c", "touch /k/x 2>&1; ls -d /nameless")).toMatch(
    /Read-only file system\n\/nameless$/,
  );
  const plan = await must("rm", "-v", "--dry-run", "c");
  expect(plan).toContain(`rm -r ${root()}/volumes/${nameless}`);
  await must("rm", "-v", "c");
  expect(await names()).toEqual(["kept"]);
  expect(await must("volume", "prune", "--force")).toBe("Total reclaimed space: 0B");
  expect(await must("volume", "prune", "--all", "--force")).toContain("Deleted Volumes:\nkept\n");
  await inside("-v", "/nameless", "busybox", "true");
  expect(await names()).toEqual([""]);
});

test("check misses a volume's directory, reload makes it, and gc leaves data whose row is lost to --force", async () => {
  await must("volume", "create", "vv");
  execFileSync("rm", ["-r", `${root()}/volumes/vv`]);
  expect(await tsd("check")).toMatchObject({ code: 1, stdout: expect.stringContaining("volume vv") });
  await must("reload");
  expect(await tsd("check")).toMatchObject({ code: 0 });
  await must("volume", "rm", "vv");
  mkdirSync(data("lost"), { recursive: true });
  writeFileSync(`${data("lost")}/precious`, "");
  expect(await tsd("gc")).toMatchObject({ code: 1, stderr: expect.stringContaining("gc --force") });
  expect(existsSync(`${data("lost")}/precious`)).toBe(true);
  await must("gc", "--force");
  expect(existsSync(`${root()}/volumes/lost`)).toBe(false);
});

test("other mounts: memory, a part of a volume that leads nowhere out, a path of the host that -v makes and --mount does not", async () => {
  const mounts = await inside(
    "--tmpfs",
    "/a:size=1m",
    "--mount",
    "type=tmpfs,dst=/b,tmpfs-mode=700",
    "busybox",
    "cat",
    "/proc/mounts",
  );
  expect(mounts).toMatch(/ \/a tmpfs rw,nosuid,nodev,noexec,relatime,size=1024k 0 0/);
  expect(mounts).toMatch(/ \/b tmpfs .*mode=700/);
  await must("volume", "create", "vv");
  mkdirSync(`${data("vv")}/sub`);
  symlinkSync("/sub", `${data("vv")}/inner`);
  symlinkSync("/etc", `${data("vv")}/outer`);
  const part = (path: string) => ["--mount", `type=volume,src=vv,dst=/m,volume-subpath=${path}`];
  await inside(...part("inner"), "busybox", "touch", "/m/x");
  expect(readdirSync(`${data("vv")}/sub`)).toEqual(["x"]);
  expect(await tsd("run", "--rm", "--net", "none", ...part("outer"), "busybox", "ls", "/m")).toMatchObject({
    code: 125,
  });
  await must("volume", "rm", "vv");
  const made = `${place}/made/deep`;
  await inside("-v", `${made}:/x`, "busybox", "touch", "/x/y");
  expect([statSync(`${place}/made`).mode & 0o777, readdirSync(made)]).toEqual([0o755, ["y"]]);
  rmSync(`${place}/made`, { recursive: true });
  expect(await tsd("run", "--mount", `type=bind,src=${made}/none,dst=/x`, "busybox", "true")).toMatchObject({
    code: 125,
  });
  for (const [words, why] of [
    [["--mount", "type=bind,source=/x,target=/y,colour=red"], 'there is no key "colour"'],
    [["--storage-opt", "size=1g"], "has no limit of its own"],
    [["-v", "/a:/b:U"], '"U" is no option'],
  ] as const)
    expect(await tsd("run", ...words, "busybox", "true")).toMatchObject({
      code: 125,
      stderr: expect.stringContaining(why),
    });
});

describe("copying, from and to a container that is hostile", () => {
  const tree = () => `${place}/copies`;
  beforeAll(async () => {
    mkdirSync(`${tree()}/dir/sub`, { recursive: true });
    const script = `cd "$0"; echo hello > file; ln -s file link; echo x > dir/one; ln dir/one dir/two; truncate -s 1G dir/sparse
      mkfifo dir/pipe; chown 70:999 file; chmod 4755 file; mkdir -p bad/q/door; echo evil > bad/q/door/evil; tar -C bad -cf bad.tar q/door/evil`;
    execFileSync("sh", ["-ec", script, tree()]);
    const hostile = `ln -s /etc /v/abs; ln -s ../../../../../../../../etc /v/rel; ln -s /proc/1/root/etc /v/magic; mkdir /q
      ln -s /etc /q/door; mknod /v/disk b 8 0; mkdir /v/real; echo host-like > /etc/shadow; cp /bin/busybox /v/suid; chmod 4755 /v/suid; sleep 600`;
    await must("run", "-d", "--net", "none", "--name", "c", "-v", "vol:/v", "busybox", "sh", "-c", hostile);
    for (let turn = 0; turn < 200 && !existsSync(`${data("vol")}/suid`); turn++)
      await new Promise((resolve) => setTimeout(resolve, 50));
  });
  // What stands and changes from one test to the next is no residue.
  beforeEach(() => lab().settle());
  afterEach(() => lab().settle());
  afterAll(async () => {
    await must("rm", "-f", "c");
    await must("volume", "rm", "vol");
    await lab().settle();
  });

  for (const state of ["running", "stopped"]) {
    test(`files go in and out of one that is ${state}, and links end within it`, async () => {
      if (state === "stopped") await must("stop", "-t", "0", "c");
      const out = `${tree()}/${state}`;
      mkdirSync(out);
      await must("cp", `${tree()}/dir`, `c:/v/${state}`);
      expect(readdirSync(`${data("vol")}/${state}`).sort()).toEqual(["one", "pipe", "sparse", "sub", "two"]);
      expect(statSync(`${data("vol")}/${state}/sparse`).blocks).toBeLessThan(100);
      await must("cp", `${tree()}/file`, `c:/v/real/plain`);
      await must("cp", "-a", `${tree()}/file`, `c:/v/real/kept`);
      const facts = (name: string) => {
        const { uid, gid, mode } = statSync(`${data("vol")}/real/${name}`);
        return `${uid}:${gid} ${(mode & 0o7777).toString(8)}`;
      };
      expect([facts("plain"), facts("kept")]).toEqual(["0:0 755", "70:999 4755"]);
      // /proc is there only while it runs.
      for (const link of ["abs", "rel", ...(state === "running" ? ["magic"] : [])]) {
        await must("cp", `c:/v/${link}/shadow`, `${out}/${link}`);
        expect(readFileSync(`${out}/${link}`, "utf8")).toBe("host-like\n");
      }
      const copied = await tsd("cp", "c:/v", `${out}/all`);
      expect(copied).toMatchObject({ code: 0, stderr: expect.stringContaining("disk is a device node") });
      expect(existsSync(`${out}/all/disk`)).toBe(false);
      expect(statSync(`${out}/all/suid`).mode & 0o7000).toBe(0);
      expect(execFileSync("readlink", [`${out}/all/abs`], { encoding: "utf8" })).toBe("/etc\n");
      // What came out before is a link now, and is not written through.
      await must("cp", "c:/v/.", `${out}/all`);
      expect(await tsd("cp", `${tree()}/dir`, "c:/v/real/plain")).toMatchObject({ code: 2 });
      const script = `exec "$0" cp - c:/ < ${tree()}/bad.tar && test ! -e /etc/evil`;
      expect((await lab().host.run(["sh", "-c", script, `${process.cwd()}/bin/tsd`])).code).toBe(0);
      const tar = await lab().host.mustRun(["sh", "-c", '"$0" cp c:/etc - | tar -t', `${process.cwd()}/bin/tsd`]);
      expect(tar.split("\n")).toEqual(expect.arrayContaining(["etc/shadow", "etc/evil"]));
      expect(await tsd("check")).toMatchObject({ code: 0, stdout: "" });
    });
  }

  test("its changes and its files are told, and what it wrote is measured without volumes", async () => {
    const changes = (await must("diff", "c")).split("\n");
    expect(changes).toEqual(expect.arrayContaining(["A /q", "A /q/door", "C /etc", "A /etc/shadow", "A /etc/evil"]));
    const listing = await lab().host.mustRun(["sh", "-c", '"$0" export c | tar -t', `${process.cwd()}/bin/tsd`]);
    expect(listing).toContain("etc/evil");
    expect(listing).not.toContain("v/real");
    const { containers, volumes } = JSON.parse(await must("system", "df", "--json"));
    expect(containers[0].size.written).toBeLessThan(1000);
    expect(volumes[0].size).toBeGreaterThan(2 ** 30);
    const plan = await must("cp", "--dry-run", `${tree()}/file`, "c:/v/new");
    expect(plan).toContain("write");
    expect(existsSync(`${data("vol")}/new`)).toBe(false);
  });
});
