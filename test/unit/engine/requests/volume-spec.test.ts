import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseVolume, parseVolumes } from "../../../../src/engine/requests/volume-spec.js";
import { failureOf } from "../../store/support/temporary-store.js";

describe("a volume", () => {
  test.each([
    ["/a:/b", { source: "/a", target: "/b", readOnly: false }],
    ["/a:/b:rw", { source: "/a", target: "/b", readOnly: false }],
    ["/a b/c:/d:ro", { source: "/a b/c", target: "/d", readOnly: true }],
    ["/:/host:ro", { source: "/", target: "/host", readOnly: true }],
    ["/a:/b/", { source: "/a", target: "/b", readOnly: false }],
    ["/a:///b//c/./d/", { source: "/a", target: "/b/c/d", readOnly: false }],
    ["/a:/b/../../etc:ro", { source: "/a", target: "/etc", readOnly: true }],
  ])("%s is %j", (text, bind) => {
    expect(parseVolume(text)).toEqual(bind);
  });

  test.each([
    ["", '"" is not an absolute path of the host'],
    ["data:/b", '"data" is not an absolute path of the host'],
    ["./a:/b", '"./a" is not an absolute path of the host'],
    ["/a", '"" is not an absolute path in the container'],
    ["/a:b", '"b" is not an absolute path in the container'],
    ["/a:/", '"/" cannot be mounted over'],
    ["/a:/b/..", '"/b/.." cannot be mounted over'],
    ["/a:///.//:ro", '"///.//" cannot be mounted over'],
    ["/a:/b:z", "it ends in neither :ro nor :rw"],
    ["/a:/b:ro:rw", "it ends in neither :ro nor :rw"],
  ])("%j is refused: %s", (text, why) => {
    expect(failureOf(() => parseVolume(text))).toMatchObject({
      kind: "invalid-input",
      code: "TSD_VOLUME_INVALID",
      message: `cannot mount "${text}": ${why}`,
      hint: "Write /host/path:/container/path[:ro].",
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
    expect(failureOf(() => parseVolumes(volumes))).toMatchObject({
      kind: "invalid-input",
      code: "TSD_VOLUME_TARGET_TWICE",
      details: { volumes: [volumes[0], volumes[2]] },
    });
  });

  test("may be one directory in several places", () => {
    expect(parseVolumes(["/a:/m", "/a:/m/n", "/a:/mm"]).map(({ target }) => target)).toEqual(["/m", "/m/n", "/mm"]);
  });

  test("comes back from what it is written as", () => {
    const path = fc.stringMatching(/^(\/[a-z0-9 _.-]*[a-z]){1,4}$/);
    fc.assert(
      fc.property(path, path, fc.boolean(), (source, target, readOnly) => {
        expect(parseVolume(`${source}:${target}${readOnly ? ":ro" : ""}`)).toEqual({ source, target, readOnly });
      }),
    );
  });
});
