import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseMounts, parseVolumesFrom } from "../../../../src/engine/requests/mounts.js";
import { parseVolume } from "../../../../src/engine/requests/volume-spec.js";
import { failureOf } from "../../store/support/temporary-store.js";

const bind = (source: string, target: string, more: object = {}) => ({
  ...{ type: "bind", source, target, readOnly: false, createSource: true, ...more },
});
const volume = (target: string, more: object = {}) => ({ type: "volume", target, readOnly: false, ...more });

describe("a volume", () => {
  test.each([
    ["/a:/b", bind("/a", "/b")],
    ["/a:/b:rw", bind("/a", "/b")],
    ["/a b/c:/d:ro", bind("/a b/c", "/d", { readOnly: true })],
    ["/:/host:ro", bind("/", "/host", { readOnly: true })],
    ["/a:/b/", bind("/a", "/b")],
    ["/a:///b//c/./d/", bind("/a", "/b/c/d")],
    ["/a:/b/../../etc:ro", bind("/a", "/etc", { readOnly: true })],
    ["/a:/b:z", bind("/a", "/b")],
    ["/a:/b:Z,ro", bind("/a", "/b", { readOnly: true })],
    ["/a:/b:cached", bind("/a", "/b")],
    ["/a:/b:ro,rslave", bind("/a", "/b", { readOnly: true, propagation: "rslave" })],
    ["/a", volume("/a")],
    ["data:/a", volume("/a", { source: "data" })],
    ["data:/a:nocopy,ro", volume("/a", { source: "data", noCopy: true, readOnly: true })],
  ])("%s is %j", (text, mount) => {
    expect(parseVolume(text)).toEqual(mount);
  });

  test.each([
    ["", '"" is not an absolute path in the container'],
    ["./a:/b", '"./a" is neither an absolute path of the host nor the name of a volume'],
    ["c:/b", '"c" is neither an absolute path of the host nor the name of a volume'],
    ["data/x:/b", '"data/x" is neither an absolute path of the host nor the name of a volume'],
    ["/a:b", '"b" is not an absolute path in the container'],
    ["/a:/", '"/" cannot be mounted over'],
    ["/a:/b/..", '"/b/.." cannot be mounted over'],
    ["/a:///.//:ro", '"///.//" cannot be mounted over'],
    ["/a:/b:U", '"U" is no option of a volume'],
    ["/a:/b:", '"" is no option of a volume'],
    ["/a:/b:ro,rw", '"ro" and "rw" exclude each other'],
    ["/a:/b:nocopy", '"nocopy" is for volumes alone'],
    ["data:/b:shared", '"shared" is for paths of the host alone'],
    ["/a:/b:ro:rw", "it has more than three parts"],
  ])("%j is refused: %s", (text, why) => {
    expect(failureOf(() => parseVolume(text))).toMatchObject({
      kind: "invalid-input",
      code: "TSD_VOLUME_INVALID",
      message: `cannot mount "${text}": ${why}`,
    });
  });

  test.each([
    ["/m", "/m"],
    ["/m", "/m/"],
    ["/m/", "/m/../m"],
    ["/m/n", "//m//./n:ro"],
    ["/etc/hosts", "/../etc/hosts"],
  ])("cannot be at %s and at %s at the same time", (one, other) => {
    const volumes = [`/a:${one}`, "/b:/m/else", `/c:${other}`];
    expect(failureOf(() => parseMounts({ volumes }))).toMatchObject({
      kind: "invalid-input",
      code: "TSD_VOLUME_TARGET_TWICE",
      details: { volumes: [volumes[0], volumes[2]] },
    });
  });

  test("may be one directory in several places, and at no place of another kind of mount", () => {
    const volumes = ["/a:/m", "/a:/m/n", "/a:/mm"];
    expect(parseMounts({ volumes }).map(({ target }) => target)).toEqual(["/m", "/m/n", "/mm"]);
    for (const more of [{ tmpfs: ["/m/"] }, { mounts: [{ type: "volume", target: "/m" } as const] }])
      expect(failureOf(() => parseMounts({ volumes, ...more }))).toMatchObject({ code: "TSD_VOLUME_TARGET_TWICE" });
  });

  test("comes back from what it is written as", () => {
    const path = fc.stringMatching(/^(\/[a-z0-9 _.-]*[a-z]){1,4}$/);
    fc.assert(
      fc.property(path, path, fc.boolean(), (source, target, readOnly) => {
        const text = `${source}:${target}${readOnly ? ":ro" : ""}`;
        expect(parseVolume(text)).toEqual(bind(source, target, { readOnly }));
      }),
    );
  });
});

describe("a mount", () => {
  const one = (mount: object) => parseMounts({ mounts: [mount as never] })[0];

  test.each([
    [{ type: "tmpfs", target: "/t", size: 1024, mode: 0o700 }, ["noexec", "nosuid", "nodev", "size=1024", "mode=700"]],
    [
      { type: "tmpfs", target: "/t", options: ["exec"], readOnly: true },
      ["nosuid", "nodev", "mode=1777", "exec", "ro"],
    ],
  ])("%j has the options %j", (mount, options) => {
    expect(one(mount)?.options).toEqual(options);
  });

  test.each([
    [{ type: "npipe", target: "/a" }, '"npipe" is no type'],
    [{ type: "bind", target: "/a" }, "it has no source"],
    [{ type: "bind", source: "rel", target: "/a" }, 'source "rel" is not an absolute path'],
    [{ type: "volume", source: "x", target: "/a" }, '"x" is not a name for a volume'],
    [{ type: "volume", source: "data", target: "a" }, 'target "a" is not an absolute path'],
    [{ type: "volume", target: "/a", subpath: "x" }, "a new volume has no subpath"],
    [
      { type: "volume", source: "data", target: "/a", subpath: "x/../../y" },
      "is not a relative path within the volume",
    ],
    [{ type: "volume", target: "/a", propagation: "shared" }, '"propagation" is for mounts of type bind'],
    [{ type: "bind", source: "/x", target: "/a", noCopy: true }, '"noCopy" is for mounts of type volume'],
    [{ type: "bind", source: "/x", target: "/a", propagation: "up" }, '"up" is no propagation'],
    [{ type: "tmpfs", source: "/x", target: "/a" }, "a tmpfs has no source"],
    [{ type: "tmpfs", target: "/a", options: ["lowerdir=/etc"] }, '"lowerdir=/etc" is no option of a tmpfs'],
    [{ type: "tmpfs", target: "/a", size: -1 }, "-1 is no size in bytes"],
  ])("%j is refused: %s", (mount, why) => {
    expect(failureOf(() => one(mount))).toMatchObject({ kind: "invalid-input", message: expect.stringContaining(why) });
  });
});

test.each([
  ["/run", "/run", ["noexec", "nosuid", "nodev", "mode=1777"]],
  ["/run/:size=64m,mode=755,exec", "/run", ["nosuid", "nodev", "size=64m", "mode=755", "exec"]],
])("--tmpfs %s", (text, target, options) => {
  expect(parseMounts({ tmpfs: [text] })).toEqual([{ type: "tmpfs", target, readOnly: false, options }]);
});

test.each([
  ["db", { ref: "db" }],
  ["db:ro", { ref: "db", readOnly: true }],
  ["db:rw", { ref: "db", readOnly: false }],
])("--volumes-from %s", (text, from) => {
  expect(parseVolumesFrom(text)).toEqual(from);
  expect(failureOf(() => parseVolumesFrom(`${text}:x:y`))).toMatchObject({ code: "TSD_VOLUMES_FROM_INVALID" });
});
