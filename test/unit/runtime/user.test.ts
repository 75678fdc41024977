import { describe, expect, test } from "@jest/globals";
import { resolveUser } from "../../../src/runtime/user.js";

const databases = {
  passwd:
    "# people\nroot:x:0:0:root:/root:/bin/sh\nbob:x:1000:1001::/home/bob:/bin/sh\n1234:x:7:8::/seven:/bin/sh\nshort:x:1\n",
  group: "root:x:0:\nwheel:x:10:root,bob\nvideo:x:44:bob\nbobs:x:1001:\nbad:x:many:bob\n",
};

describe("resolveUser", () => {
  test.each([
    ["", { uid: 0, gid: 0, additionalGids: [10], home: "/root" }],
    ["root", { uid: 0, gid: 0, additionalGids: [10], home: "/root" }],
    ["bob", { uid: 1000, gid: 1001, additionalGids: [10, 44], home: "/home/bob" }],
    ["1000", { uid: 1000, gid: 1001, additionalGids: [10, 44], home: "/home/bob" }],
    ["bob:video", { uid: 1000, gid: 44, additionalGids: [], home: "/home/bob" }],
    ["bob:99", { uid: 1000, gid: 99, additionalGids: [], home: "/home/bob" }],
    ["bob:", { uid: 1000, gid: 1001, additionalGids: [10, 44], home: "/home/bob" }],
    [":video", { uid: 0, gid: 44, additionalGids: [], home: "/root" }],
    ["5000", { uid: 5000, gid: 0, additionalGids: [], home: "/" }],
    ["5000:6000", { uid: 5000, gid: 6000, additionalGids: [], home: "/" }],
    ["1234", { uid: 7, gid: 8, additionalGids: [], home: "/seven" }],
  ])("%j is %j", (wanted, user) => expect(resolveUser(wanted, databases)).toEqual(user));

  test.each([
    ["alice", "alice"],
    ["short", "short"],
    ["bob:nogroup", "nogroup"],
    ["-1", "-1"],
    ["4294967296", "4294967296"],
  ])("%j is refused, naming %s", (wanted, named) => {
    expect(() => resolveUser(wanted, databases)).toThrow(
      expect.objectContaining({ kind: "not-found", message: expect.stringContaining(`"${named}"`) }),
    );
  });

  test("needs no databases for numbers", () => {
    expect(resolveUser("3:4", { passwd: "", group: "" })).toEqual({ uid: 3, gid: 4, additionalGids: [], home: "/" });
  });
});
