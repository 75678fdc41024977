import { expect, test } from "@jest/globals";
import type { PathStatus } from "../../../../src/api/index.js";
import { containerPath, copyTarget } from "../../../../src/engine/requests/copy-paths.js";
import { failureOf } from "../../store/support/temporary-store.js";

const status = (name: string, type: PathStatus["type"]): PathStatus => ({
  ...{ name, type, size: 0, mode: 0, modified: "2026-01-01T00:00:00.000Z" },
});
const file = status("f", "file");
const directory = status("d", "directory");
const there = { file: status("there", "file"), directory: status("there", "directory"), nothing: undefined };

/** The table of docs.docker.com, "docker container cp": SRC_PATH, what it is, DEST_PATH, what is there. */
test.each([
  ["/f", file, "/x/new", "nothing", "/x", "new"],
  ["/f", file, "/x/there", "file", "/x", "there"],
  ["/f", file, "/x/there", "directory", "/x/there", "f"],
  ["/f", file, "/x/there/", "directory", "/x/there/", "f"],
  ["/f", file, "/new", "nothing", "/", "new"],
  ["/d", directory, "/x/new", "nothing", "/x", "new"],
  ["/d/", directory, "/x/new/", "nothing", "/x", "new"],
  ["/d/.", directory, "/x/new", "nothing", "/x", "new"],
  ["/d", directory, "/x/there", "directory", "/x/there", "d"],
  ["/d/", directory, "/x/there", "directory", "/x/there", "d"],
  ["/d/.", directory, "/x/there", "directory", "/x/there", "."],
] as const)("%s (%j) to %s, where there is %s", (...row) => {
  const [sourcePath, source, destinationPath, found, into, to] = row;
  const target = copyTarget({ sourcePath, source, destinationPath, destination: there[found] });
  expect(target).toEqual({ directory: into, rename: { from: source.name, to } });
});

test.each([
  ["/f", file, "/x/new/", "nothing", "not-found", "the directory /x/new/ does not exist"],
  ["/f", file, "/x/there/", "file", "invalid-input", "/x/there/ is no directory"],
  ["/f/", file, "/x/new", "nothing", "invalid-input", "/f/ is no directory"],
  ["/f/.", file, "/x/there", "directory", "invalid-input", "/f/. is no directory"],
  ["/d", directory, "/x/there", "file", "invalid-input", "which the directory /d cannot replace"],
] as const)("%s (%j) to %s, where there is %s, is refused as %s: %s", (...row) => {
  const [sourcePath, source, destinationPath, found, kind, why] = row;
  const copy = { sourcePath, source, destinationPath, destination: there[found] };
  expect(failureOf(() => copyTarget(copy))).toMatchObject({ kind, message: expect.stringContaining(why) });
});

test("the root is what is in it", () => {
  const source = status("/", "directory");
  const copy = { sourcePath: "/", source, destinationPath: "/x", destination: there.directory };
  expect(copyTarget(copy).rename).toEqual({ from: ".", to: "." });
});

test.each([
  ["data", "/data"],
  ["/a/../../b/", "/b/"],
  ["/a//b/.", "/a/b/."],
  ["", "/"],
  ["/..", "/"],
])("%s of a container is %s", (path, absolute) => {
  expect(containerPath(path)).toBe(absolute);
});
