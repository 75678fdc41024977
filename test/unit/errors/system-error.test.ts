import { describe, expect, test } from "@jest/globals";
import { describeSystemError } from "../../../src/errors/system-error.js";
import { TsdError } from "../../../src/errors/tsd-error.js";

/** As Node.js makes them. */
function systemError(code: string, syscall: string, message: string, path?: string): Error {
  return Object.assign(new Error(message), { code, errno: -1, syscall, ...(path === undefined ? {} : { path }) });
}

describe("what the machine refuses", () => {
  test.each([
    ["EMFILE", "open", "/x", "TSD_SYSTEM_FILES", "too many files are open to open /x (EMFILE)"],
    ["ENFILE", "open", "/x", "TSD_SYSTEM_FILES", "the machine has too many files open to open /x (ENFILE)"],
    [
      "EAGAIN",
      "spawn /usr/bin/conmon",
      "/usr/bin/conmon",
      "TSD_SYSTEM_PROCESSES",
      "there are too many processes to spawn /usr/bin/conmon (EAGAIN)",
    ],
    ["ENOMEM", "spawn nft", "nft", "TSD_SYSTEM_MEMORY", "there is not enough memory to spawn nft (ENOMEM)"],
    ["ENOSPC", "mkdir", "/x", "TSD_SYSTEM_DISK", "the disk is full: cannot mkdir /x (ENOSPC)"],
    ["EDQUOT", "write", undefined, "TSD_SYSTEM_DISK", "the disk is full: cannot write (EDQUOT)"],
    ["EFBIG", "write", undefined, "TSD_SYSTEM_FILE_SIZE", "a file would grow beyond the limit: cannot write (EFBIG)"],
    ["EROFS", "open", "/x", "TSD_SYSTEM_READ_ONLY", "cannot open /x: some words (EROFS)"],
    ["EIO", "read", undefined, "TSD_SYSTEM_IO", "cannot read: some words (EIO)"],
    ["EACCES", "open", "/x", "TSD_SYSTEM_FORBIDDEN", "cannot open /x: some words (EACCES)"],
    [
      "ENOENT",
      "uv_cwd",
      undefined,
      "TSD_SYSTEM_NO_DIRECTORY",
      "the current directory does not exist any more (ENOENT)",
    ],
  ])("%s of %s %s is %s", (...[errno, syscall, path, code, message]) => {
    const error = systemError(errno, syscall, `${errno}: some words, ${syscall}`, path);
    expect(describeSystemError(error)).toMatchObject({
      code,
      message,
      hint: expect.any(String),
      details: { errno, syscall },
      cause: error,
    });
  });

  test("in words that nobody knows is told as it is", () => {
    const error = systemError("ENOTTY", "ioctl", "strange");
    expect(describeSystemError(error)).toMatchObject({
      code: "TSD_SYSTEM_REFUSED",
      message: "cannot ioctl: ENOTTY (ENOTTY)",
    });
  });
});

test("what is no refusal of the machine stays what it is", () => {
  const known = new TsdError({ kind: "store", code: "TSD_X", message: "x" });
  const bug = new TypeError("x is undefined");
  for (const error of [known, bug, undefined, "text", { code: "EIO" }]) expect(describeSystemError(error)).toBe(error);
});
