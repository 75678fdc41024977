import { expect, test } from "@jest/globals";
import { checkProcess } from "../../../../src/engine/requests/check-process.js";

test.each([
  [{ workdir: "relative" }, '--workdir "relative" is not an absolute path in the container'],
  [{ workdir: "" }, '--workdir "" is not an absolute path in the container'],
  [{ workdir: "/a\0b" }, "free of NUL"],
  [{ env: ["=x"] }, '--env "=x" is not a name and a value'],
  [{ env: [""] }, '--env "" is not a name and a value'],
  [{ env: ["A=b\0C=d"] }, "free of NUL"],
  [{ command: ["true", "a\0"] }, "free of NUL"],
  [{ entrypoint: ["\0"] }, "free of NUL"],
  [{ user: "root\0" }, "free of NUL"],
])("%j is refused", (requested, message) => {
  expect(() => checkProcess({ image: "x", ...requested })).toThrow(
    expect.objectContaining({ kind: "invalid-input", message: expect.stringContaining(message) }),
  );
});

test("what processes can be given is", () => {
  const requested = {
    workdir: "/a b/../c",
    env: ["A=", "B=\n", "C"],
    command: ["", "\n"],
    user: "1:2",
  };
  expect(() => checkProcess({ image: "x", ...requested })).not.toThrow();
});
