import { describe, expect, test } from "@jest/globals";
import { signalNumber } from "../../../src/contracts/signal-number.js";
import { runtimeFailure } from "../../../src/runtime/runtime-failure.js";

const failure = (stderr: string) =>
  runtimeFailure({ runtime: "crun", action: "create container abc", stderr, command: "cmd" });
const logrus = (message: string) => `time="2026-11-21T05:07:15Z" level=error msg=${JSON.stringify(message)}\n`;

describe("runtimeFailure", () => {
  test.each([
    ["executable file `cmd` not found in $PATH: No such file or directory", 127],
    ["open executable: Not a directory", 127],
    ["open executable: Permission denied", 126],
    ["open executable: Operation not permitted", 126],
    ["exec: Exec format error", 126],
    ["exec: No such file or directory", 127],
    [
      logrus('runc create failed: unable to start container process: exec: "cmd": executable file not found in $PATH'),
      127,
    ],
    [
      logrus(
        'runc create failed: unable to start container process: exec: "/cmd": stat /cmd: no such file or directory',
      ),
      127,
    ],
    [logrus('exec failed: unable to start container process: exec: "/cmd": permission denied'), 126],
  ])("%s is exit code %i", (stderr, exitCode) => {
    const error = failure(stderr);
    expect(error.details.exitCode).toBe(exitCode);
    expect(error.kind).toBe(exitCode === 127 ? "not-found" : "invalid-input");
    expect(error.message).toContain('"cmd"');
  });

  test.each([
    [
      "OOM: the memory limit could be too low: read from sync socket: Connection reset by peer",
      /memory limit is too low/,
    ],
    [
      logrus("runc create failed: … unable to set memory limit to 1 (current usage: 2232320)"),
      /memory limit is too low/,
    ],
    [logrus("runc create failed: … container init was OOM-killed (memory limit too low?)"), /memory limit is too low/],
    ["writing file `cpuset.cpus`: Numerical result out of range", /--cpuset-cpus names a processor/],
    [
      logrus('failed to write "99": write /sys/fs/cgroup/cpuset/x/cpuset.cpus: numerical result out of range'),
      /--cpuset-cpus/,
    ],
  ])("%s is a limit's", (stderr, message) => {
    expect(failure(stderr)).toMatchObject({ kind: "invalid-input", message: expect.stringMatching(message) });
  });

  test.each([
    [
      "warning: x\nmount `proc` to `proc`: Operation not permitted\n",
      "crun could not create container abc: mount `proc` to `proc`: Operation not permitted",
    ],
    [logrus('a "quoted" reason'), 'crun could not create container abc: a "quoted" reason'],
    ["", "crun could not create container abc: it gave no reason"],
    [
      "open `/run/exec: x`: No such file or directory",
      "crun could not create container abc: open `/run/exec: x`: No such file or directory",
    ],
  ])("%j is told as it is", (stderr, message) => {
    expect(failure(stderr)).toMatchObject({ kind: "runtime", message });
    expect(failure(stderr).details).not.toHaveProperty("exitCode");
  });
});

describe("signalNumber", () => {
  test.each([
    ["TERM", 15],
    ["SIGTERM", 15],
    ["kill", 9],
    ["9", 9],
    ["64", 64],
    ["winch", 28],
    ["SIGRTMIN", 34],
    ["SIGRTMIN+3", 37],
    ["rtmax-1", 63],
  ])("%s is %i", (name, number) => {
    expect(signalNumber(name)).toBe(number);
  });

  test.each(["", "0", "65", "-9", "NOPE", "SIG", "1.5", "999", "toString", "RTMIN-1", "RTMIN+31", "RTMAX+1"])(
    "%j is refused",
    (name) => {
      expect(() => signalNumber(name)).toThrow(expect.objectContaining({ kind: "invalid-input" }));
    },
  );
});
