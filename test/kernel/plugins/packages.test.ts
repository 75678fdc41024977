import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { digestOf } from "../../../src/plugins/installed/plain-tree.js";
import { sourceOf } from "../../../src/plugins/installed/source-kind.js";
import { type StagedPackage, stagePackage } from "../../../src/plugins/installed/stage-package.js";
import { mustRun } from "../../support/lab/program.js";
import { buildTar, type TarMember } from "../../support/tar-builder.js";

let world: string;
beforeEach(() => {
  world = mkdtempSync(join(tmpdir(), "tsd-packages-"));
  mkdirSync(join(world, "staging"));
  writeFileSync(join(world, "secret"), "untouched");
});
afterEach(() => rmSync(world, { recursive: true }));

const manifest = JSON.stringify({ name: "x", exports: "./x.js" });
const whole: readonly TarMember[] = [
  { name: "package/package.json", data: manifest },
  { name: "package/x.js", data: "export default 1;" },
];

/** Stages it and reads all its files, as `tsd plugin add` does. */
async function stage(name: string): Promise<StagedPackage & { readonly digest: string }> {
  const staged = await stagePackage(sourceOf(join(world, name)), join(world, "staging"));
  return { ...staged, digest: digestOf(staged.directory, "x") };
}

function archive(members: readonly TarMember[], name = "x.tgz"): Promise<unknown> {
  const tar = buildTar(members);
  writeFileSync(join(world, name), name.endsWith(".tar") ? tar : gzipSync(tar, { level: 1 }));
  return stage(name);
}

test.each(["x.tgz", "x.tar.gz", "x.tar"])("a tarball %s is unpacked without its one directory", async (name) => {
  expect(await archive(whole, name)).toMatchObject({ entry: "x.js", manifest: { name: "x" } });
  expect(readdirSync(join(world, "staging/package")).sort()).toEqual(["package.json", "x.js"]);
});

test.each<[string, readonly TarMember[], RegExp]>([
  [
    "a link",
    [...whole, { name: "package/l", type: "2", link: "/etc" }],
    /has "l", which is a link that leads elsewhere/,
  ],
  ["a link within", [...whole, { name: "package/l", type: "2", link: "x.js" }], /has "l", which is a link/],
  [
    "a file behind a link",
    [{ name: "package/l", type: "2", link: ".." }, { name: "package/l/secret", data: "mine" }, ...whole],
    /that can be unpacked/,
  ],
  ["a device", [...whole, { name: "package/d", type: "3", major: 1, minor: 3 }], /that can be unpacked/],
  ["a pipe", [...whole, { name: "package/p", type: "6" }], /has "p", which is neither a file nor a directory/],
  ["a path upwards", [...whole, { name: "package/../../secret", data: "mine" }], /that can be unpacked/],
  ["nothing", [], /has no package\.json/],
  ["no directory", whole.map((member) => ({ ...member, name: member.name.slice(8) })), /has no package\.json/],
  ["no module", whole.slice(0, 1), /has no file x\.js/],
  ["a module that is a directory", [{ name: "package/x.js", type: "5" }, ...whole.slice(0, 1)], /has no file x\.js/],
  ["a hard link to nothing of its own", [...whole, { name: "package/h", type: "1", link: "../secret" }], /./],
])("a tarball with %s is refused, and nothing outside is touched", async (_, members, message) => {
  await expect(archive(members)).rejects.toMatchObject({ kind: "plugin", message: expect.stringMatching(message) });
  expect(readFileSync(join(world, "secret"), "utf8")).toBe("untouched");
  expect(readdirSync(world).sort()).toEqual(["secret", "staging", "x.tgz"]);
});

test("what is no tarball, or only begins as one, is refused in words", async () => {
  const tar = gzipSync(buildTar(whole));
  for (const data of [Buffer.from("no"), Buffer.alloc(0), tar.subarray(0, tar.length - 20)]) {
    writeFileSync(join(world, "x.tgz"), data);
    await expect(stage("x.tgz")).rejects.toMatchObject({ code: "TSD_PLUGIN_ARCHIVE" });
    rmSync(join(world, "staging/package"), { recursive: true });
  }
});

test("more than 64 MiB are not unpacked, however small their archive, nor a sparse file of that size copied", async () => {
  const zeros = Buffer.alloc(65 * 1024 ** 2);
  const bomb = [0, 1].map((at) => ({ name: `package/${at}`, data: zeros }));
  await expect(archive([...whole, ...bomb])).rejects.toMatchObject({ code: "TSD_PLUGIN_TOO_LARGE" });
  mkdirSync(join(world, "folder"));
  writeFileSync(join(world, "folder/package.json"), manifest);
  writeFileSync(join(world, "folder/large"), "");
  truncateSync(join(world, "folder/large"), 2 ** 40);
  await expect(stage("folder")).rejects.toMatchObject({ code: "TSD_PLUGIN_TOO_LARGE" });
});

test("a folder is copied without what is installed in it, and its links to its own files as files", async () => {
  const folder = join(world, "folder");
  for (const name of ["", "node_modules/y", ".git", "lib"]) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, "package.json"), manifest);
  writeFileSync(join(folder, "lib/x.js"), "export default 1;");
  symlinkSync("lib/x.js", join(folder, "x.js"));
  const { directory } = await stage("folder");
  expect(readdirSync(directory).sort()).toEqual(["lib", "package.json", "x.js"]);
  expect(readFileSync(join(directory, "x.js"), "utf8")).toBe("export default 1;");
});

test.each([
  ["a link outside", "ln -s ../secret l", /has "l", which is a link that leads elsewhere/],
  ["a link to a directory of its own", "mkdir d; ln -s d l", /has "l", which is a link/],
  ["a link to itself", "ln -s l l", /has "l", which is a link/],
  ["a pipe", "mkfifo p", /has "p", which is neither/],
  ["no package.json", "rm package.json", /has no package\.json/],
  ["a package.json that is a pipe", "rm package.json; mkfifo package.json", /has no package\.json/],
])("a folder with %s is refused", async (_, script, message) => {
  mkdirSync(join(world, "folder"));
  writeFileSync(join(world, "folder/package.json"), manifest);
  writeFileSync(join(world, "folder/x.js"), "");
  await mustRun(["sh", "-ec", `cd "$0"; ${script}`, join(world, "folder")]);
  await expect(stage("folder")).rejects.toMatchObject({ kind: "plugin", message: expect.stringMatching(message) });
});
