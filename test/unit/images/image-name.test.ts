import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { nameInArchive, normaliseImageName } from "../../../src/runtime/images/image-name.js";

const invalid = expect.objectContaining({ kind: "invalid-input", code: "TSD_IMAGE_NAME_INVALID" });

describe("normaliseImageName", () => {
  test.each([
    ["busybox", "busybox:latest"],
    ["busybox:1.36", "busybox:1.36"],
    ["busybox:Tag_With.Case-1", "busybox:Tag_With.Case-1"],
    ["team/app", "team/app:latest"],
    ["a__b/c-d.e", "a__b/c-d.e:latest"],
    ["localhost/app", "localhost/app:latest"],
    ["registry.example:5000/team/app:1.2", "registry.example:5000/team/app:1.2"],
    ["host:5000/app", "host:5000/app:latest"],
    ["docker.io/library/busybox", "busybox:latest"],
    ["index.docker.io/library/busybox:1", "busybox:1"],
    ["docker.io/team/app", "team/app:latest"],
    ["docker.io/busybox", "busybox:latest"],
    ["library/busybox:2", "busybox:2"],
    ["library/team/app", "library/team/app:latest"],
    ["localhost/library/app", "localhost/library/app:latest"],
    ["registry.example:5000/library/app", "registry.example:5000/library/app:latest"],
    ["docker.io:443/library/app", "docker.io:443/library/app:latest"],
    ["docker.io", "docker.io:latest"],
    ["library", "library:latest"],
  ])("%s is %s", (name, canonical) => {
    expect(normaliseImageName(name)).toBe(canonical);
  });

  test.each([
    ["", "it is empty"],
    [":1", "it is empty"],
    ["BusyBox", "capital letters"],
    ["../x", "not made of"],
    ["/x", "not made of"],
    ["x/", "not made of"],
    ["a//b", "not made of"],
    ["a b", "not made of"],
    ["-a", "not made of"],
    ["a.", "not made of"],
    ["a\n", "not made of"],
    ["host:5000:1/x", "no registry host"],
    ["busybox:", "tag"],
    ["busybox:.x", "tag"],
    [`busybox:${"t".repeat(129)}`, "tag"],
    ["a".repeat(300), "more than 255 characters"],
    ["f".repeat(64), "image id"],
    [`busybox@sha256:${"0".repeat(64)}`, "digest"],
  ])("refuses %j: %s", (name, why) => {
    expect(() => normaliseImageName(name)).toThrow(invalid);
    expect(() => normaliseImageName(name)).toThrow(why);
  });

  test.each([
    ["busybox@sha256:00", undefined],
    ["docker.io/library/busybox:1@sha256:00", "busybox:1"],
    ["host:5000/app@sha256:00", undefined],
    ["host:5000/library/app:2@sha256:00", "host:5000/library/app:2"],
    ["busybox", "busybox:latest"],
  ])("%s in an archive is kept as %s", (written, kept) => {
    expect(nameInArchive(written)).toBe(kept);
  });

  test("returns its own results unchanged, and never anything else than a name or an error for a caller", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z0-9._/:-]{0,40}$/)), (name) => {
        let canonical: string;
        try {
          canonical = normaliseImageName(name);
        } catch (error) {
          expect(error).toEqual(invalid);
          return;
        }
        expect(normaliseImageName(canonical)).toBe(canonical);
        expect(canonical).not.toMatch(/\.\.\/|\s|^\//);
      }),
    );
  });
});
