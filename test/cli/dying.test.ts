import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { readStoreRows } from "../support/soak/store-rows.js";
import { inspect, removeDefaultNetwork, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

/** What runs of containers hold, found without a command of tsd's, which would tidy up. */
async function held(): Promise<readonly string[]> {
  const { host } = lab();
  const { endpoints, claims } = readStoreRows(host.root);
  const published: { readonly nftables: readonly { readonly map?: { readonly elem?: readonly unknown[] } }[] } =
    JSON.parse(await host.mustRun(["nft", "-j", "list", "map", "inet", "tsd", "publish4"]));
  const links = await host.mustRun(["ip", "-brief", "link", "show", "type", "veth"]);
  const mounts = readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  return [
    ...endpoints.map(({ id }) => `endpoint ${id}`),
    ...claims.map(({ first }) => `port ${first}`),
    ...published.nftables.flatMap(({ map }) => map?.elem ?? []).map((element) => JSON.stringify(element)),
    ...links.split("\n").filter((line) => line.startsWith("veth")),
    ...readdirSync(`${host.runDirectory}/netns`),
    ...readdirSync(`${host.runDirectory}/containers`),
    ...mounts.filter((line) => line.includes(`${host.root}/containers`)),
  ];
}

async function heldAfterAWhile(): Promise<readonly string[]> {
  const deadline = Date.now() + 20_000;
  let left = await held();
  while (left.length > 0 && Date.now() < deadline) left = await held();
  return left;
}

/** Kills a container's supervisor, and returns once it is gone. */
async function killSupervisor(container: string): Promise<void> {
  const { host } = lab();
  const [{ Id }] = JSON.parse(await host.mustTsd(["inspect", container]));
  const pid = readFileSync(`${host.runDirectory}/containers/${Id}/conmon.pid`, "utf8").trim();
  process.kill(Number(pid), "SIGKILL");
  await host.mustRun(["sh", "-c", `for i in $(seq 500); do [ -e /proc/${pid} ] || exit 0; sleep 0.02; done; exit 1`]);
}

const run = (name: string, ...flags: readonly string[]) =>
  lab().host.mustTsd(["run", "-d", "--name", name, "-p", "80", ...flags, "busybox", "sleep", "600"]);
const status = (name: string) =>
  lab().host.mustTsd(["ps", "-a", "--filter", `name=${name}`, "--format", "{{.Status}}"]);
const removeAll = async (...names: readonly string[]) => {
  await lab().host.mustTsd(["rm", "-f", ...names]);
  await lab().host.mustTsd(["network", "prune", "--force"]);
  await removeDefaultNetwork(lab());
};

test("a container that is killed from outside gives everything back, with no command of tsd's around", async () => {
  await run("web");
  process.kill((await inspect(lab(), "web")).State.Pid, "SIGKILL");
  expect(await heldAfterAWhile()).toEqual([]);
  expect(await status("web")).toMatch(/^Exited \(137\)/);
  await removeAll("web");
});

test("twenty that die at the same moment all give everything back", async () => {
  const names = Array.from({ length: 20 }, (_, index) => `c${index}`);
  await Promise.all(names.map((name) => run(name)));
  const pids = await Promise.all(names.map(async (name) => (await inspect(lab(), name)).State.Pid));
  for (const pid of pids) process.kill(pid, "SIGKILL");
  expect(await heldAfterAWhile()).toEqual([]);
  expect(await lab().host.tsd(["check"])).toMatchObject({ code: 0, stdout: "" });
  const all = await lab().host.mustTsd(["ps", "-a", "--format", "{{.Status}}"]);
  expect(all.split("\n").filter((line) => line.startsWith("Exited (137)"))).toHaveLength(20);
  await removeAll(...names);
}, 120_000);

test("one whose supervisor was killed before it gives everything back at the next command", async () => {
  await run("web");
  const { Pid } = (await inspect(lab(), "web")).State;
  await killSupervisor("web");
  process.kill(Pid, "SIGKILL");
  expect(await lab().host.mustTsd(["ps", "-q"])).toBe("");
  expect(await held()).toEqual([]);
  expect(await status("web")).toMatch(/^Exited \(137\)/);
  await removeAll("web");
});

test("one whose supervisor was killed lives on, and is told, stopped and started as any other", async () => {
  const { host } = lab();
  const script = "echo up; trap 'exit 5' TERM; sleep 600 & wait";
  await host.mustTsd(["run", "-d", "--name", "web", "-p", "8080:80", "busybox", "sh", "-c", script]);
  for (let tries = 0; tries < 500 && (await host.mustTsd(["logs", "web"])) === ""; tries++);
  await killSupervisor("web");
  expect(await status("web")).toMatch(/^Up /);
  expect(await host.mustTsd(["logs", "web"])).toBe("up");
  expect(await host.mustTsd(["exec", "web", "echo", "inside"])).toBe("inside");
  expect(await host.tsd(["check"])).toEqual({ code: 0, stdout: "", stderr: "" });
  const [follower, waiter] = [host.startTsd(["logs", "-f", "web"]), host.startTsd(["wait", "web"])];
  await follower.saying("up");
  await host.mustTsd(["stop", "web"]);
  expect(await follower.ended).toEqual({ code: 0, stdout: "up\n", stderr: "" });
  expect(await waiter.ended).toEqual({ code: 0, stdout: "137\n", stderr: "" });
  expect(await held()).toEqual([]);
  await host.mustTsd(["start", "web"]);
  expect(await status("web")).toMatch(/^Up /);
  await removeAll("web");
});

test("a command that waits for one without a supervisor sees its end, and releases it", async () => {
  const { host } = lab();
  await run("web");
  const { Pid } = (await inspect(lab(), "web")).State;
  const waiter = host.startTsd(["wait", "web"]);
  await killSupervisor("web");
  process.kill(Pid, "SIGKILL");
  expect(await waiter.ended).toEqual({ code: 0, stdout: "137\n", stderr: "" });
  expect(await held()).toEqual([]);
  await removeAll("web");
});

test("the supervisor of a foreground container is killed: its tsd waits for its end all the same", async () => {
  const { host } = lab();
  const foreground = host.startTsd(["run", "--name", "web", "busybox", "sh", "-c", "echo ready; sleep 600"]);
  await foreground.saying("ready");
  await killSupervisor("web");
  expect(await status("web")).toMatch(/^Up /);
  await host.mustTsd(["stop", "-t", "0", "web"]);
  expect(await foreground.ended).toEqual({ code: 137, stdout: "ready\n", stderr: "" });
  expect(await held()).toEqual([]);
  await removeAll("web");
});
