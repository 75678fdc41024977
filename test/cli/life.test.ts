import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { readStoreRows } from "../support/soak/store-rows.js";
import { removeDefaultNetwork, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
const busybox = ["busybox", "sleep", "600"];

function rowOf(name: string) {
  const row = readStoreRows(lab().host.root).containers.find(({ container }) => container.name === name);
  if (row === undefined) throw new Error(`no container ${name}`);
  return row;
}

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let look = 0; look < 600; look++) {
    if (await isSo()) return;
    await sleep(50);
  }
  throw new Error(`never: ${what}`);
}

/** Not of 0, which is a whole group. */
function kill(pid = 0): void {
  if (pid < 2) throw new Error(`no process ${pid}`);
  process.kill(pid, "SIGKILL");
}

const isRunningAgain = (name: string, count: number) => () => {
  const { status, restartCount = 0 } = rowOf(name).container;
  return status === "running" && restartCount >= count;
};

test("a container starts again at its place, for as long as its policy and its user want", async () => {
  const { host } = lab();
  await host.mustTsd(["network", "create", "--subnet", "10.70.0.1/24", "net"]);
  const always = ["--restart", "always", "--net", "net"];
  await host.mustTsd(["run", "-d", "--name", "web", ...always, "-p", "8080:80", ...busybox]);
  await host.mustTsd(["run", "-d", "--name", "near", "--net", "net", ...busybox]);
  await host.mustTsd([
    "run",
    "-d",
    "--name",
    "guest",
    "--net",
    "container:near",
    "--restart",
    "on-failure",
    ...busybox,
  ]);
  const before = rowOf("web").container;
  for (const name of ["web", "guest"]) kill(rowOf(name).container.pid);
  await until("both run again", () => isRunningAgain("web", 1)() && isRunningAgain("guest", 1)());
  const after = rowOf("web").container;
  expect(after.sandbox).toEqual(before.sandbox);
  expect(after.pid).not.toBe(before.pid);
  await host.mustTsd(["exec", "near", "ping", "-c", "1", "-W", "2", "web"]);
  await host.mustTsd(["exec", "guest", "ping", "-c", "1", "-W", "2", "web"]);
  expect(await host.tsd(["check"])).toEqual({ code: 0, stdout: "", stderr: "" });

  await host.mustTsd(["kill", "guest"]);
  await host.mustTsd(["stop", "-t", "0", "web"]);
  expect([rowOf("web").container.status, rowOf("guest").container.status]).toEqual(["exited", "exited"]);
  await host.mustTsd(["rm", "-f", "web", "near", "guest"]);
  await host.mustTsd(["network", "rm", "net"]);
}, 60_000);

test("one that waits keeps what is its own, takes orders, and outlives the process that waits", async () => {
  const { host } = lab();
  await host.mustTsd(["network", "create", "--subnet", "10.70.0.1/24", "net"]);
  const bad = ["--net", "net", "--ip", "10.70.0.9", "-p", "8080:80", "busybox", "false"];
  await host.mustTsd(["run", "-d", "--name", "bad", "--restart", "always", ...bad]);
  const waits = (count: number) => () => {
    const { status, restartCount = 0 } = rowOf("bad").container;
    return status === "restarting" && restartCount >= count;
  };
  await until("it waits for a while", waits(5));
  expect(await host.mustTsd(["ps", "--format", "{{.Names}} {{.Status}}"])).toMatch(/^bad Restarting \(1\)/);
  for (const taken of [
    ["-p", "8080:80"],
    ["--ip", "10.70.0.9"],
  ])
    expect(await host.tsd(["run", "--rm", "--net", "net", ...taken, "busybox", "true"])).toMatchObject({ code: 125 });
  expect(await host.tsd(["rm", "bad"])).toMatchObject({ code: 1 });

  await until("it waits again", waits(5));
  const { owner } = rowOf("bad");
  kill(owner.pid);
  const { restartCount = 0 } = rowOf("bad").container;
  await host.mustTsd(["ps"]);
  await until("another process goes on", () => (rowOf("bad").container.restartCount ?? 0) > restartCount);

  await until("it waits once more", waits(5));
  await host.mustTsd(["stop", "bad"]);
  expect(rowOf("bad").container.status).toBe("exited");
  await host.mustTsd(["start", "bad"]);
  await until("it begins as if it were new", () => (rowOf("bad").container.restartCount ?? 9) < 5);
  await until("it waits", waits(2));
  await host.mustTsd(["rm", "-f", "bad"]);

  const code = await host.tsd([
    "run",
    "--name",
    "fg",
    "--restart",
    "on-failure:2",
    "busybox",
    "sh",
    "-c",
    "echo x; exit 5",
  ]);
  expect(code).toEqual({ code: 5, stdout: "x\nx\nx\n", stderr: "" });
  expect(await host.tsd(["run", "--rm", "--restart", "always", "busybox", "true"])).toMatchObject({ code: 125 });
  await host.mustTsd(["rm", "fg"]);
  await host.mustTsd(["network", "rm", "net"]);
  await removeDefaultNetwork(lab());
}, 120_000);

test("after a boot those start that are to, each after what it needs", async () => {
  const { host } = lab();
  const make = (name: string, ...flags: readonly string[]) =>
    host.mustTsd(["run", "-d", "--name", name, ...flags, ...busybox]);
  await make("maker", "--restart", "always");
  await make("guest", "--restart", "always", "--net", "container:maker");
  await make("stopped", "--restart", "unless-stopped");
  await make("plain");
  await make("failing", "--restart", "on-failure");
  await host.mustTsd(["create", "--name", "never", "--restart", "always", ...busybox]);
  await host.mustTsd(["stop", "-t", "0", "stopped", "maker"]);
  // The guest is now the older of the two that need each other's network.
  await host.mustTsd(["rm", "-f", "guest"]);
  await host.mustTsd(["start", "maker"]);
  await make("guest", "--restart", "always", "--net", "container:maker");
  await lab().reboot();
  expect(await host.mustTsd(["ps", "-q"])).toBe("");
  expect((await host.mustTsd(["start", "--boot"])).split("\n")).toEqual(["maker", "failing", "guest"]);
  expect(await host.mustTsd(["start", "--boot"])).toBe("");
  await host.mustTsd(["rm", "-f", "maker", "guest", "stopped", "plain", "failing", "never"]);
  await removeDefaultNetwork(lab());
}, 60_000);

test("a check says how a container is, and is ended by nothing but its end", async () => {
  const { host } = lab();
  const status = async (name: string) =>
    (await host.mustTsd(["inspect", "-f", "{{.State.Health.Status}}", name])).trim();
  const checked = (command: string) => ["--health-cmd", command, "--health-interval", "100ms", "--health-retries", "1"];
  await host.mustTsd(["run", "-d", "--name", "web", ...checked("test -e /ok && echo fine"), ...busybox]);
  const endless = ["--health-timeout", "200ms", ...checked("yes & sleep 600")];
  await host.mustTsd(["run", "-d", "--name", "endless", ...endless, ...busybox]);
  await until(
    "both are unhealthy",
    async () => `${await status("web")} ${await status("endless")}` === "unhealthy unhealthy",
  );
  await host.mustTsd(["exec", "web", "touch", "/ok"]);
  await until("it is healthy", async () => (await status("web")) === "healthy");
  expect(await host.mustTsd(["ps", "--format", "{{.Names}} {{.Status}}"])).toMatch(/web Up .*\(healthy\)/);
  const log = JSON.parse(await host.mustTsd(["inspect", "-f", "{{json .State.Health.Log}}", "web"]));
  expect(log.at(-1)).toMatchObject({ ExitCode: 0, Output: "fine\n" });
  const late = JSON.parse(await host.mustTsd(["inspect", "-f", "{{json .State.Health.Log}}", "endless"]));
  expect(late[0]).toMatchObject({ ExitCode: -1 });
  expect(late[0].Output.length).toBeLessThan(4200);

  kill(JSON.parse(readFileSync(`${host.runDirectory}/timers/lock`, "utf8")).pid);
  expect((await host.tsd(["check"])).stdout.match(/health check of \S+ is missing/g)).toHaveLength(2);
  await host.mustTsd(["reload"]);
  expect(await host.tsd(["check"])).toEqual({ code: 0, stdout: "", stderr: "" });
  await host.mustTsd(["rm", "-f", "web", "endless"]);
  await removeDefaultNetwork(lab());
}, 60_000);

test("a log is kept in as many files as it may have, and read as one", async () => {
  const { host } = lab();
  const counting = "i=0; while [ $i -lt 400 ]; do echo line $i; i=$((i+1)); [ $((i % 20)) = 0 ] && sleep 0.1; done";
  const write = (name: string, files: number) =>
    host.mustTsd([
      ...["run", "-d", "--name", name, "--log-opt", "max-size=4k", "--log-opt", `max-file=${files}`],
      ...["busybox", "sh", "-c", `sleep 1; ${counting}; sleep 1`],
    ]);
  await write("all", 20);
  const followed = (await host.mustTsd(["logs", "-f", "all"])).split("\n");
  expect(followed).toEqual(Array.from({ length: 400 }, (_, at) => `line ${at}`));
  expect((await host.mustTsd(["logs", "all"])).split("\n")).toEqual(followed);
  expect((await host.mustTsd(["logs", "-n", "250", "all"])).split("\n")).toEqual(followed.slice(-250));
  expect(readdirSync(`${host.root}/logs`).length).toBeGreaterThan(2);
  await host.mustTsd(["rm", "-f", "all"]);
  expect(readdirSync(`${host.root}/logs`)).toEqual([]);

  await write("some", 2);
  await host.mustTsd(["wait", "some"]);
  const kept = (await host.mustTsd(["logs", "some"])).split("\n");
  expect(kept.length).toBeLessThan(400);
  expect(kept).toEqual(followed.slice(-kept.length));
  expect(readdirSync(`${host.root}/logs`)).toHaveLength(2);
  await host.mustTsd(["rm", "-f", "some"]);
  await removeDefaultNetwork(lab());
}, 60_000);
