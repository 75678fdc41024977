import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { Bind, RuntimeSpec } from "../../../src/contracts/index.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import { ContainerFixture } from "./container-fixture.js";

const fixture = new ContainerFixture();
/** Of the host's, and nobody else's. */
const outside = `${fixture.directory}/outside`;
const rootfs = `${fixture.directory}/hostile`;
const names: readonly Bind[] = ["hosts", "hostname", "resolv.conf"].map((name) => ({
  source: `${fixture.directory}/${name}`,
  target: `/etc/${name}`,
  readOnly: false,
}));

beforeAll(() => {
  mkdirSync(outside);
  for (const { source } of names) writeFileSync(source, "of the sandbox\n");
  for (const name of ["hosts", "passwd", "secret"]) writeFileSync(`${outside}/${name}`, "of the host\n");
  writeFileSync(`${outside}/passwd`, "host:x:4242:4242::/:/bin/sh\n");
});
afterEach(async () => expect(await fixture.residue()).toEqual([]));
afterAll(() => fixture.dispose());

/** Makes a root file system with what an image could plant in it: names and where they lead. */
function plant(links: Readonly<Record<string, string>>): void {
  rmSync(rootfs, { recursive: true, force: true });
  execFileSync("cp", ["-a", fixture.rootfs, rootfs]);
  for (const [name, target] of Object.entries(links)) {
    rmSync(`${rootfs}/${name}`, { recursive: true, force: true });
    symlinkSync(target, `${rootfs}/${name}`);
  }
}

/** Everything outside: names, contents, modes, and whether anything was mounted over it. */
function state(): unknown {
  return readdirSync(outside).map((name) => {
    const { mode, uid, dev, ino } = statSync(`${outside}/${name}`);
    return [name, readFileSync(`${outside}/${name}`, "utf8"), mode, uid, dev, ino];
  });
}

/** What a container that writes wherever it can said; undefined where it was refused in words. */
async function run(script: string, more: Partial<RuntimeSpec> = {}): Promise<string | undefined> {
  const spec = fixture.spec(["/bin/sh", "-c", `exec 2>&1\n${script}`], { rootfs, binds: names, ...more });
  try {
    return (await fixture.output(spec)).text;
  } catch (error) {
    if (!TsdError.is(error)) throw error;
    await fixture.runtime.remove(spec);
    return undefined;
  }
}

const vandalise = `
for f in /etc/hosts /etc/hostname /etc/resolv.conf ${outside}/secret ${outside}/new /proc/new /dev/new; do echo vandal > $f; done
cat ${outside}/secret`;

describe("a link in the image's root file system where something is mounted at start leads nowhere outside", () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ["/etc/hosts, absolute", { "etc/hosts": `${outside}/hosts` }],
    ["/etc/hosts, by ..", { "etc/hosts": `../../../../../../..${outside}/hosts` }],
    ["/etc/resolv.conf, to what is not there", { "etc/resolv.conf": `${outside}/new` }],
    ["/etc", { etc: outside }],
    ["/etc/hosts, through two links", { l: outside, "etc/hosts": "/l/hosts" }],
    ["/etc/hosts, in a circle", { "etc/hosts": "hosts" }],
    ["/etc/hosts, through the container's own /proc", { "etc/hosts": `/proc/self/root${outside}/hosts` }],
    ["/etc/hosts, through a file of another process", { "etc/hosts": `/proc/1/root${outside}/hosts` }],
    ["/proc", { proc: outside }],
    ["/dev", { dev: outside }],
    ["/sys", { sys: outside }],
    ["/dev/shm, made a link before /dev is mounted", { dev: "/l", l: outside }],
    ["/tmp, and back", { tmp: "../../../../../../../../" }],
  ];
  test.each(cases)("%s", async (_what, links) => {
    plant(links);
    const before = state();
    const text = await run(vandalise);
    expect(state()).toEqual(before);
    expect(text ?? "").not.toContain("of the host");
  });

  test("a volume's target, and one that does not exist yet", async () => {
    plant({ data: outside });
    const before = state();
    for (const target of ["/data", "/data/deep/new", "/data/secret"])
      await run("true", { binds: [{ source: `${fixture.directory}/hosts`, target, readOnly: false }] });
    expect(state()).toEqual(before);
  });
});

describe("what tsd itself reads of an image", () => {
  test("is not the host's /etc/passwd by a link", async () => {
    plant({ "etc/passwd": `${outside}/passwd` });
    await expect(fixture.output(fixture.spec(["id"], { rootfs, user: "host" }))).rejects.toMatchObject({
      kind: "not-found",
      code: "TSD_RUNTIME_USER_UNKNOWN",
    });
  });

  test("is no device, even where its root file system has the node of one", async () => {
    plant({});
    rmSync(`${rootfs}/etc/passwd`);
    execFileSync("mknod", [`${rootfs}/etc/passwd`, "c", "1", "11"]);
    await expect(fixture.output(fixture.spec(["id"], { rootfs, user: "bob" }))).rejects.toMatchObject({
      code: "TSD_RUNTIME_USER_UNKNOWN",
    });
  });
});

describe("a working directory", () => {
  const inside = "pwd; ls; ls ../../../../../../.. ; cat ../../../../../../../../../..".concat(outside, "/secret");

  test("by a link leads nowhere outside", async () => {
    plant({ w: outside });
    const before = state();
    const text = await run(`${inside}; echo x > new`, { workdir: "/w" });
    expect(text ?? "").not.toContain("of the host");
    expect(state()).toEqual(before);
  });

  test("by a descriptor that the runtime holds leads nowhere outside", async () => {
    plant({});
    for (const descriptor of [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) {
      const text = await run(inside, { workdir: `/proc/self/fd/${descriptor}` });
      expect(text ?? "").not.toContain("of the host");
    }
  });
});
