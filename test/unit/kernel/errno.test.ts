import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, lstatSync, openSync, readSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { errnoName, errnoOf, fileError, isAbsence, kernelError } from "../../../src/kernel/errno.js";

test("a refusal is one sentence with operation, object, reason and errno", () => {
  expect(kernelError({ operation: "create link", object: "br0", errno: 17 })).toMatchObject({
    kind: "kernel",
    code: "TSD_KERNEL_REFUSED",
    message: "cannot create link br0: file already exists (EEXIST)",
    details: { operation: "create link", object: "br0", errno: "EEXIST" },
  });
});

test("the kernel's own reason takes the place of the C library's", () => {
  const error = kernelError({
    operation: "add route",
    object: "default",
    errno: 22,
    reason: "Nexthop has invalid gateway",
  });
  expect(error.message).toBe("cannot add route default: Nexthop has invalid gateway (EINVAL)");
  expect(error.details.reason).toBe("Nexthop has invalid gateway");
});

test.each([1, 13])("errno %i is a question of permission", (errno) => {
  expect(kernelError({ operation: "open a netlink socket", errno })).toMatchObject({
    kind: "permission",
    code: "TSD_KERNEL_FORBIDDEN",
    hint: "Run tsd as root.",
  });
});

test("numbers have names, and unknown ones say so", () => {
  expect([errnoName(19), errnoName(4711)]).toEqual(["ENODEV", "errno 4711"]);
});

test("what node:fs throws is wrapped, anything else is not", () => {
  const thrown = thrownBy(() => lstatSync("/nowhere"));
  expect(errnoOf(thrown)).toBe(2);
  expect(fileError("read", "/nowhere", thrown)).toMatchObject({
    message: "cannot read /nowhere: no such file or directory (ENOENT)",
    cause: thrown,
  });
  const bug = new TypeError("bug");
  expect(fileError("read", "/nowhere", bug)).toBe(bug);
});

test("a file that is not there, and one of a process that ends while it is read, are absent", async () => {
  expect(isAbsence(thrownBy(() => lstatSync("/nowhere")))).toBe(true);
  expect(isAbsence(thrownBy(() => lstatSync("/dev/null/x")))).toBe(false);
  const child = spawn("sleep", ["60"]);
  const file = openSync(`/proc/${child.pid}/stat`, "r");
  child.kill("SIGKILL");
  await once(child, "exit");
  const error = thrownBy(() => readSync(file, Buffer.alloc(100)));
  closeSync(file);
  expect(error).toMatchObject({ code: "ESRCH" });
  expect(isAbsence(error)).toBe(true);
});

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
