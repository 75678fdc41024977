import { execFileSync } from "node:child_process";
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { LogRotation } from "../../../src/runtime/log-rotation.js";

const rotation = { maxSize: 4, maxFiles: 3 };
let directory: string;
let path: string;
let control: string;
let now: number;
let conmon: number | undefined;

beforeEach(() => {
  directory = mkdtempSync(`${tmpdir()}/tsd-rotation-`);
  [path, control, now] = [`${directory}/log`, `${directory}/ctl`, 0];
  execFileSync("mkfifo", [control]);
  conmon = openSync(control, constants.O_RDONLY | constants.O_NONBLOCK);
});
afterEach(() => {
  if (conmon !== undefined) closeSync(conmon);
  conmon = undefined;
  rmSync(directory, { recursive: true });
});

const begin = () => new LogRotation({ path, control }, () => now);

/** Times that conmon was asked since the last look. */
function asked(): number {
  const bytes = Buffer.alloc(100);
  try {
    return readSync(conmon ?? -1, bytes) / "2 0 0\n".length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return 0;
    throw error;
  }
}

/** As conmon does. */
function replace(text: string): void {
  writeFileSync(`${path}.tmp`, text);
  renameSync(`${path}.tmp`, path);
}

const kept = () =>
  readdirSync(directory)
    .filter((name) => name !== "ctl")
    .map((name) => readFileSync(`${directory}/${name}`, "utf8"));

test("conmon is asked once for each file, however late it hears of it", () => {
  const log = begin();
  writeFileSync(path, "first");
  for (let look = 0; look < 5; look++) log.rotate(rotation);
  expect(asked()).toBe(1);
  replace("second");
  log.rotate(rotation);
  expect(asked()).toBe(1);
  expect(kept()).toEqual(["second", "second", "first"]);
  now += 60_000;
  log.rotate(rotation);
  expect(asked()).toBe(1);
});

test("another process goes on, and does not ask at once for what the one before may have asked", () => {
  writeFileSync(path, "first");
  begin().rotate(rotation);
  expect(asked()).toBe(1);
  const next = begin();
  next.rotate(rotation);
  expect(asked()).toBe(0);
  now += 60_000;
  next.rotate(rotation);
  expect(asked()).toBe(1);
});

test("a conmon that does not listen yet is asked once it does", () => {
  const log = begin();
  writeFileSync(path, "first");
  closeSync(conmon ?? -1);
  expect(() => log.rotate(rotation)).toThrow();
  conmon = openSync(control, constants.O_RDONLY | constants.O_NONBLOCK);
  log.rotate(rotation);
  expect(asked()).toBe(1);
});

test("the oldest file goes where there are as many as may be", () => {
  const log = begin();
  for (const text of ["first", "second", "third", "fourth"]) {
    replace(text);
    log.rotate(rotation);
  }
  replace("fifth");
  expect(kept()).toEqual(["fifth", "fourth", "third"]);
});
