import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { inspect, removeDefaultNetwork, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
const removeNetwork = () => removeDefaultNetwork(lab());

test.each([
  [["sh", "-c", "exit 0"], 0],
  [["sh", "-c", "exit 7"], 7],
  [["sh", "-c", "sh -c 'kill -9 $$'; exit $?"], 137],
  [["nosuch"], 127],
  [["/etc/passwd"], 126],
] as const)("run %j exits with %d", async (command, code) => {
  expect((await lab().host.tsd(["run", "--rm", "busybox", ...command])).code).toBe(code);
  await removeNetwork();
});

test("what keeps a command from running, or ended it, is said in a sentence", async () => {
  const { host } = lab();
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "none", "busybox", "sleep", "60"]);
  expect(await host.tsd(["exec", "web", "nosuch"])).toMatchObject({
    code: 127,
    stderr: expect.stringMatching(/tsd: the container has no command "nosuch"\nhint: .*\n$/),
  });
  const limited = (...flags: readonly string[]) =>
    host.tsd(["run", "--rm", "--net", "none", ...flags, "busybox", "true"]);
  expect((await limited("-m", "1")).stderr).toMatch(/^tsd: --memory 1 is below .*\nhint: .*\n$/);
  expect((await limited("--cpuset-cpus", "9999")).stderr).toMatch(/^tsd: --cpuset-cpus 9999 names .*\nhint: .*\n$/);
  const greedy = "x=a; while :; do x=$x$x; done";
  expect(
    (await host.tsd(["run", "--name", "big", "-m", "20m", "--net", "none", "busybox", "sh", "-c", greedy])).code,
  ).toBe(137);
  expect(await host.mustTsd(["inspect", "-f", "{{.State.OOMKilled}} {{.State.ExitCode}}", "big"])).toBe("true 137");
  expect(await host.mustTsd(["ps", "-a", "--filter", "name=big", "--format", "{{.Status}}"])).toMatch(
    /^Exited \(137\) .* ago, out of memory$/,
  );
  await host.mustTsd(["rm", "-f", "web", "big"]);
});

test("a foreground container has the caller's streams, apart from each other", async () => {
  const { host } = lab();
  const echo = await host.tsd(["run", "--rm", "-i", "busybox", "sh", "-c", "cat; echo oops >&2"], { input: "hello\n" });
  expect(echo).toMatchObject({ code: 0, stdout: "hello\n", stderr: "oops\n" });
  const deaf = await host.tsd(["run", "--rm", "busybox", "cat"], { input: "hello\n" });
  expect(deaf).toMatchObject({ code: 0, stdout: "" });
  await removeNetwork();
});

test("on a terminal, -it has its size, its ^C, and the command's exit code", async () => {
  const { host } = lab();
  // Process 1 of a pid namespace hears only the signals that it traps.
  const script = "trap 'exit 130' INT; tty; echo ready; while :; do sleep 0.1; done";
  const shell = host.startTsd(["run", "--rm", "-it", "busybox", "sh", "-c", script], {
    tty: true,
  });
  await shell.saying("ready");
  shell.write("\x03");
  const { stdout, code } = await shell.ended;
  expect(stdout).toMatch(/^\/dev\/pts\/0\r\nready/);
  expect(code).toBe(130);
  await removeNetwork();
});

test("flags shape the container", async () => {
  const { host } = lab();
  const flags = ["-e", "A=1", "-w", "/tmp", "-u", "nobody", "-h", "box", "-v", `${host.root}:/state:ro`];
  const script = "echo $A; pwd; id -un; hostname; touch /state/x 2>&1; grep box /etc/hosts";
  const said = (await host.mustTsd(["run", "--rm", ...flags, "busybox", "sh", "-c", script])).split("\n");
  expect(said.slice(0, 4)).toEqual(["1", "/tmp", "nobody", "box"]);
  expect(said[4]).toContain("Read-only file system");
  expect(said[5]).toMatch(/^172\.\d+\.\d+\.\d+\tbox \w+ [0-9a-f]{12}\t# tsd$/);
  await removeNetwork();
});

test("a container lives on while commands come and go, stops, starts again, and leaves nothing", async () => {
  const { host } = lab();
  const script = "echo up; touch /kept; trap 'exit 5' TERM; sleep 60 & wait";
  const id = await host.mustTsd(["run", "-d", "--name", "web", "-p", "8080:80", "busybox", "sh", "-c", script]);
  const before = await inspect(lab(), "web");
  expect(before.State.Status).toBe("running");
  expect(before.NetworkSettings.Ports["80/tcp"]?.[0]).toEqual({ HostIp: "0.0.0.0", HostPort: "8080" });
  expect(await host.mustTsd(["ps"])).toMatch(new RegExp(`${id.slice(0, 12)} +busybox .* Up .*8080->80/tcp +web$`));
  expect(await host.mustTsd(["ps", "--wide"])).toMatch(
    new RegExp(`busybox +${before.State.Pid} +${before.NetworkSettings.IPAddress} +bridge .*8080->80/tcp +web$`),
  );
  expect(await host.mustTsd(["port", "web"])).toBe("80/tcp -> 0.0.0.0:8080");
  expect(await host.mustTsd(["logs", "web"])).toBe("up");
  expect(await host.tsd(["exec", "web", "sh", "-c", "exit 9"])).toMatchObject({ code: 9 });
  await host.mustTsd(["stop", "web"]);
  expect(await host.mustTsd(["ps", "-q"])).toBe("");
  expect((await inspect(lab(), "web")).State).toMatchObject({ Status: "exited", ExitCode: 5 });
  expect(await host.mustTsd(["wait", "web"])).toBe("5");
  await host.mustTsd(["start", "web"]);
  await host.mustTsd(["exec", "web", "test", "-e", "/kept"]);
  await host.mustTsd(["restart", "-t", "1", "web"]);
  expect(await host.mustTsd(["logs", "web"])).toBe("up\nup\nup");
  expect((await host.tsd(["rm", "web"])).stderr).toContain('container "web" is running');
  await host.mustTsd(["rm", "-f", "web"]);
  await removeNetwork();
});

test("a detached container that ends by itself gives everything back without a command", async () => {
  const { host } = lab();
  const id = await host.mustTsd(["run", "-d", "-p", "8080:80", "busybox", "sh", "-c", "sleep 0.3; exit 4"]);
  const elements = () => host.mustRun(["nft", "list", "map", "inet", "tsd", "publish4"]);
  for (const deadline = Date.now() + 10_000; Date.now() < deadline && (await elements()).includes("8080"); );
  expect(await elements()).not.toContain("8080");
  expect((await inspect(lab(), id)).State).toMatchObject({ Status: "exited", ExitCode: 4 });
  await host.mustTsd(["rm", id]);
  await removeNetwork();
});

test("a foreground tsd that is killed leaves its container to the supervisor, which releases it", async () => {
  const { host } = lab();
  const run = host.startTsd(["run", "--rm", "--name", "orphan", "busybox", "sh", "-c", "echo ready; sleep 1"]);
  await run.saying("ready");
  const [child] = readFileSync(`/proc/${run.pid}/task/${run.pid}/children`, "utf8").split(" ").filter(Boolean);
  expect(child).toBeUndefined();
  run.kill("SIGKILL");
  await run.ended;
  expect(await host.mustTsd(["ps", "--format", "{{.Names}}"])).toBe("orphan");
  const names = () => host.mustTsd(["ps", "-a", "--format", "{{.Names}}"]);
  for (const deadline = Date.now() + 10_000; Date.now() < deadline && (await names()) !== ""; );
  expect(await names()).toBe("");
  await removeNetwork();
});

test("eight at once have addresses and ports of their own, and go at once", async () => {
  const { host } = lab();
  const names = Array.from({ length: 8 }, (_, index) => `c${index}`);
  const run = (name: string) => host.mustTsd(["run", "-d", "--name", name, "-p", "80", "busybox", "sleep", "60"]);
  await Promise.all(names.map(run));
  const settings = await Promise.all(names.map(async (name) => (await inspect(lab(), name)).NetworkSettings));
  expect(new Set(settings.map(({ IPAddress }) => IPAddress)).size).toBe(8);
  expect(new Set(settings.map(({ Ports }) => Ports["80/tcp"]?.[0]?.HostPort)).size).toBe(8);
  await Promise.all(names.map((name) => host.mustTsd(["rm", "-f", name])));
  await removeNetwork();
});
