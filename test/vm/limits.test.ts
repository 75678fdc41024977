import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import type { Container, ContainerDetails, ContainerSpec } from "../../src/api/index.js";
import { useGuest } from "./guest.js";

const guest = useGuest();
const MIB = 1 << 20;

const run = async (spec: ContainerSpec) =>
  (await guest().library.call([
    "containers",
    "runDetached",
    { image: "busybox", name: "web", networks: [{ network: "none" }], ...spec },
  ])) as Container;
const remove = () => guest().library.call(["containers", "remove", "web", { force: true }]);

/** Files of a process's group in the one hierarchy of version 2, cgroups(7). */
function groupOf(pid = 0): (name: string) => string {
  const path = /^0::(\/.+)$/m.exec(readFileSync(`/proc/${pid}/cgroup`, "utf8"))?.[1];
  return (name) => readFileSync(`/sys/fs/cgroup${path}/${name}`, "utf8").trim();
}

test("limits are where control groups of version 2 have them", async () => {
  const { pid } = await run({ command: ["sleep", "600"], memory: 64 * MIB, cpus: 0.5, cpuset: "1" });
  const read = groupOf(pid);
  expect([read("memory.max"), read("cpu.max"), read("cpuset.cpus")]).toEqual([String(64 * MIB), "50000 100000", "1"]);
  await remove();
});

test("a container that wants more memory than it may have is killed, and that is told", async () => {
  await run({ command: ["sh", "-c", "exec dd if=/dev/zero of=/dev/null bs=64M"], memory: 16 * MIB });
  const { library } = guest();
  expect(await library.call(["containers", "wait", "web"])).toBe(137);
  const { container } = (await library.call(["containers", "inspect", "web"])) as ContainerDetails;
  expect(container).toMatchObject({ exitCode: 137, outOfMemory: true });
  await remove();
});

test("devices are kept from a container by its group's program", async () => {
  // Number 11 of the memory devices is /dev/kmsg.
  await run({
    command: ["sh", "-c", "mknod /log c 1 11 && head -c 1 /log; echo $?; head -c 0 /dev/zero && echo zero"],
  });
  const { host } = guest();
  await guest().library.call(["containers", "wait", "web"]);
  expect((await host.tsd(["logs", "web"])).stdout).toBe("1\nzero\n");
  await remove();
});
