import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Bind } from "../../../src/contracts/index.js";
import { deepReadOnly, requireReadOnly } from "../../../src/runtime/read-only-binds.js";
import { ContainerFixture } from "./container-fixture.js";

const programs = ["crun", "runc"].filter((name) => ["bin", "sbin"].some((at) => existsSync(`/usr/${at}/${name}`)));

describe.each(programs)("a read-only volume, by %s", (program) => {
  const fixture = new ContainerFixture(program);
  const outer = `${fixture.directory}/outer`;
  const disk = `${outer}/disk`;
  const deep = `${disk}/deep`;
  const child = `${fixture.directory}/child`;

  const mount = (at: string) => {
    mkdirSync(at);
    execFileSync("mount", ["-t", "tmpfs", "tmpfs", at]);
  };
  beforeAll(() => {
    for (const at of [outer, disk, deep]) mount(at);
    mkdirSync(child);
    symlinkSync(outer, `${fixture.directory}/link`);
    writeFileSync(`${outer}/file`, "of the host\n");
    mkdirSync(`${outer}/place`);
  });
  beforeEach(() => expect(written()).toEqual([]));
  afterEach(async () => expect((await fixture.residue()).filter((line) => !line.includes(outer))).toEqual([]));
  afterAll(() => {
    for (const at of [deep, disk, outer]) execFileSync("umount", ["--lazy", at]);
    fixture.dispose();
  });

  /** What appeared on the host where nobody may write. */
  const written = () => [outer, disk, deep].flatMap((at) => readdirSync(at).filter((name) => name === "new"));
  const bind = (source: string, target: string, readOnly = true): Bind => ({ source, target, readOnly });
  const shell = async (script: string, binds: readonly Bind[]) => {
    const { text } = await fixture.output(fixture.spec(["sh", "-c", `exec 2>&1\n${script}`], { binds }));
    return text;
  };
  const touch = (...places: readonly string[]) =>
    places.map((at) => `touch ${at} && echo "wrote ${at}"; echo x > ${at} && echo "wrote ${at}"`).join("\n");
  const refused = (text: string) => text.match(/Read-only file system/g)?.length ?? 0;

  test("can be written to nowhere, however deep the host's mounts are below it, and by whichever name it was given", async () => {
    for (const source of [
      outer,
      `${outer}/`,
      `${fixture.directory}/link`,
      `${fixture.directory}/../${outer.split("/").at(-2)}/outer`,
    ]) {
      const text = await shell(touch("/m/new", "/m/disk/new", "/m/disk/deep/new"), [bind(source, "/m")]);
      expect(text).not.toContain("wrote");
      expect(refused(text)).toBe(6);
      expect(written()).toEqual([]);
    }
  });

  test("is all of the machine, if that is asked for", async () => {
    const places = [outer, disk, deep].map((at) => `/m${at}/new`);
    const text = await shell(`${touch(...places, "/m/tmp/new")}\necho 1 > /m/proc/sys/kernel/panic && echo wrote`, [
      bind("/", "/m"),
    ]);
    expect(text).not.toContain("wrote");
    expect(written()).toEqual([]);
  });

  test("can be a file, and a file below a mount", async () => {
    const text = await shell("cat /f; echo x > /f; echo y > /f", [bind(`${outer}/file`, "/f")]);
    expect(text).toMatch(/^of the host\n/);
    expect(refused(text)).toBe(2);
  });

  test("keeps within it what the user wants writable, and nothing else", async () => {
    const binds = [bind(child, "/m/place", false), bind(outer, "/m")];
    const text = await shell(`${touch("/m/new", "/m/disk/new", "/m/disk/deep/new")}\ntouch /m/place/mine`, binds);
    expect(text).not.toContain("wrote");
    expect(readdirSync(child)).toEqual(["mine"]);
    const inverse = [bind(outer, "/m/inner"), bind(child, "/m", false)];
    expect(await shell(touch("/m/inner/new", "/m/inner/disk/new"), inverse)).not.toContain("wrote");
  });

  test("does not gain what the host mounts while the container runs", async () => {
    execFileSync("mount", ["--make-rshared", outer]);
    const spec = fixture.spec(
      ["sh", "-c", "while ! [ -e /go/on ]; do sleep 0.1; done; ls /m/place; touch /m/place/new"],
      {
        binds: [bind(outer, "/m"), bind(child, "/go", false)],
      },
    );
    await fixture.runtime.create(spec);
    await fixture.runtime.start(spec.id);
    execFileSync("mount", ["-t", "tmpfs", "tmpfs", `${outer}/place`]);
    writeFileSync(`${outer}/place/late`, "");
    writeFileSync(`${child}/on`, "");
    await fixture.exit(spec.id);
    const text = (await fixture.logs(spec.id)).map((line) => line.text).join("");
    await fixture.runtime.remove(spec);
    execFileSync("umount", [`${outer}/place`]);
    expect(text).toMatch(/^touch: .*Read-only file system\n$/);
  });

  test("whose mounts a runtime left writable is found before the start", async () => {
    const pretended = bind(outer, "/m");
    const spec = fixture.spec(["true"], { binds: [bind(outer, "/m", false), bind(child, "/m/place", false)] });
    const { pid } = await fixture.runtime.create(spec);
    const look = (deepOnes: readonly Bind[], binds: readonly Bind[]) => () => requireReadOnly(pid, deepOnes, binds);
    expect(look([pretended], [pretended])).toThrow(
      expect.objectContaining({
        kind: "unsupported",
        code: "TSD_VOLUME_WRITABLE",
        details: expect.objectContaining({ path: "/m" }),
      }),
    );
    expect(look([], [pretended])).not.toThrow();
    await fixture.runtime.remove(spec);
  });

  test("is looked at where the host has mounts below it, and only there", () => {
    const binds = [
      bind(outer, "/a"),
      bind(disk, "/b"),
      bind(deep, "/c"),
      bind(child, "/d"),
      bind(outer, "/e", false),
      bind("/", "/f"),
    ];
    expect(deepReadOnly(binds).map(({ target }) => target)).toEqual(["/a", "/b", "/f"]);
  });
});
