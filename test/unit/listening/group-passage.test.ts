import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { barrierTo } from "../../../src/listening/group-passage.js";
import { listen } from "../../../src/listening/listen.js";

/** Of no directory here. */
const group = 4242;
let top: string;
beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "passage-")));
  chmodSync(top, 0o755);
  mkdirSync(join(top, "open"), { mode: 0o755 });
  mkdirSync(join(top, "closed"), { mode: 0o700 });
});
afterEach(() => rmSync(top, { recursive: true }));

test("a directory on the way is a barrier, be it in the path as it is given or where its links lead", () => {
  symlinkSync(join(top, "open"), join(top, "closed/link"));
  symlinkSync(join(top, "closed"), join(top, "open/link"));
  expect(barrierTo(join(top, "open"), group)).toBeUndefined();
  expect(barrierTo(join(top, "closed"), group)).toBe(join(top, "closed"));
  expect(barrierTo(join(top, "closed/link"), group)).toBe(join(top, "closed"));
  expect(barrierTo(join(top, "open/link"), group)).toBe(join(top, "open/link"));
});

test("a private directory is not to be opened for a group, and another is for that group alone", async () => {
  mkdirSync(join(top, "shared"), { mode: 0o750 });
  const hint = (directory: string): Promise<unknown> =>
    listen(createServer(), join(top, directory, "a.sock"), { group: "4242", elsewhere: "another unix:// path" }).then(
      () => undefined,
      (error) => error.hint,
    );
  expect(await hint("closed")).toBe("Choose another unix:// path: unix:///run/tsd-a.sock");
  expect(await hint("shared")).toContain(`chgrp 4242 ${top}/shared && chmod g+x ${top}/shared`);
});
