import { describe, expect, test } from "@jest/globals";
import { applyChanges } from "../../../src/runtime/images/image-changes.js";
import { parseImageReference } from "../../../src/runtime/images/image-reference.js";
import { distance, parsePlatform } from "../../../src/runtime/images/platform.js";
import { decodeHeader, encodeHeader } from "../../../src/runtime/images/tar-header.js";

const digest = `sha256:${"a1".repeat(32)}`;

test.each([
  ["busybox", ["docker.io", "library/busybox", "latest"], "busybox:latest"],
  ["docker.io/a/b:1", ["docker.io", "a/b", "1"], "a/b:1"],
  ["r.example:5000/a:1", ["r.example:5000", "a", "1"], "r.example:5000/a:1"],
  [`busybox@${digest}`, ["docker.io", "library/busybox", digest], undefined],
  [`busybox:1@${digest}`, ["docker.io", "library/busybox", digest], "busybox:1"],
])("%s as a registry is asked for it", (text, [host, repository, selector], name) => {
  const full = `${host}/${repository}${selector === digest ? "@" : ":"}${selector}`;
  expect(parseImageReference(text)).toMatchObject({ host, repository, selector, full });
  expect(parseImageReference(text).name).toBe(name);
});

test.each([
  "",
  "A",
  "../x",
  "a/../b",
  "http://a/b",
  "a@sha256:1",
  `a@${digest}@${digest}`,
  "a@md5:x",
  "a b",
  "a\nb",
  "a?x",
])("%j is no name to pull", (text) => {
  expect(() => parseImageReference(text)).toThrow(expect.objectContaining({ code: "TSD_IMAGE_NAME_INVALID" }));
});

describe("platforms", () => {
  test.each([
    ["linux/amd64", "linux/amd64", 0],
    ["linux/amd64", "amd64", 0],
    ["linux/arm64/v8", "linux/aarch64", 0],
    ["linux/arm/v6", "linux/arm", 1],
    ["linux/arm/v7", "linux/arm/v6", undefined],
    ["linux/amd64/v3", "linux/amd64", undefined],
    ["linux/amd64/v2", "linux/amd64/v4", 2],
    ["windows/amd64", "linux/amd64", undefined],
    ["linux/386", "linux/amd64", undefined],
  ])("%s is for %s: %s", (offered, wanted, expected) => {
    expect(distance(parsePlatform(offered), parsePlatform(wanted))).toBe(expected);
  });

  test.each(["", "/", "linux/", "linux/amd64/v1/x", "linux/../x"])("%j is none", (text) => {
    expect(() => parsePlatform(text)).toThrow(expect.objectContaining({ code: "TSD_IMAGE_PLATFORM_INVALID" }));
  });
});

describe("changes", () => {
  test.each<[readonly string[], object]>([
    [['CMD ["sh", "-c", "x y"]'], { Cmd: ["sh", "-c", "x y"] }],
    [["cmd echo $HOME"], { Cmd: ["/bin/sh", "-c", "echo $HOME"] }],
    [['ENV A=b C="d e" F=g\\ h', "ENV A=z"], { Env: ["C=d e", "F=g h", "A=z"] }],
    [["ENV A b c"], { Env: ["A=b c"] }],
    [["EXPOSE 80 53/udp"], { ExposedPorts: { "80/tcp": {}, "53/udp": {} } }],
    [["LABEL a=b", "LABEL c=d"], { Labels: { a: "b", c: "d" } }],
    [['VOLUME ["/data"]', "WORKDIR /srv", "USER 7", "STOPSIGNAL SIGINT"], { Volumes: { "/data": {} }, User: "7" }],
  ])("%j", (changes, config) => {
    expect(applyChanges(changes)).toMatchObject(config);
  });

  test.each(["", "CMD", "RUN x", "constructor x", "ENV"])("%j is none", (change) => {
    expect(() => applyChanges([change])).toThrow(expect.objectContaining({ code: "TSD_IMAGE_CHANGE_INVALID" }));
  });
});

test.each([0, 1, 8 ** 11 - 1, 8 ** 11, 2 ** 50])("a tar header of %d bytes is read as it was written", (size) => {
  expect(decodeHeader(encodeHeader("manifest.json", size))).toMatchObject({ name: "manifest.json", size, type: "0" });
});
