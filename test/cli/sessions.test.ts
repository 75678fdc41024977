import { readdirSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { eventually } from "../support/eventually.js";
import type { Program } from "../support/lab/program.js";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
const LEAVE = "\x10\x11";

/** Tries until `look` returns something that `isRight`; what it was in the end fails the test by itself. */
async function until<T>(look: () => Promise<T>, isRight: (found: T) => boolean): Promise<T> {
  let found = await look();
  for (let tries = 0; !isRight(found) && tries < 200; tries += 1) {
    await sleep(50);
    found = await look();
  }
  return found;
}

function openFiles(pid: number): readonly string[] {
  const directory = `/proc/${pid}/fd`;
  return readdirSync(directory).map((fd) => readlinkSync(`${directory}/${fd}`));
}

const tsd = (...args: readonly string[]): Promise<string> => lab().host.mustTsd(args);
const onTerminal = (...args: readonly string[]): Program => lab().host.startTsd(args, { tty: true, timeout: 60_000 });
const statusOf = (name: string): Promise<string> =>
  tsd("ps", "-a", "--filter", `name=${name}`, "--format", "{{.State}}");
const events = async (...args: readonly string[]): Promise<readonly string[]> => {
  const shown = await tsd("events", "--all", "--no-follow", "--format", "{{.Type}} {{.Action}}", ...args);
  return shown === "" ? [] : shown.split("\n");
};

test("a container on a terminal is left by keys and by closing the terminal, and attached to again by several", async () => {
  const first = onTerminal("run", "-it", "--name", "it", "--net", "none", "busybox", "sh");
  await first.saying("# ");
  first.write("A=4\r");
  first.write(LEAVE);
  expect(await first.ended).toMatchObject({ code: 0, stdout: expect.stringContaining("come back with tsd attach it") });
  expect(await statusOf("it")).toBe("running");

  const [one, other] = [onTerminal("attach", "it"), onTerminal("attach", "it")];
  // Each is connected once it sees what the shell prints.
  for (const [at, program] of [one, other].entries()) {
    program.write(`echo here\${A}${at}\r`);
    await program.saying(`here4${at}`);
  }
  // A first key alone goes on to the shell, for which it means the line before.
  other.write("echo twi'ce'\r");
  await one.saying("twice");
  one.kill("SIGKILL");
  await one.ended;
  other.write("\x10 x\x15exit 7\r");
  expect((await other.ended).code).toBe(7);
  expect(await statusOf("it")).toBe("exited");

  const again = onTerminal("start", "-ai", "it");
  await again.saying("# ");
  again.write("exit 3\r");
  expect((await again.ended).code).toBe(3);
  await tsd("rm", "it");
});

test("one with --rm whose terminal was closed goes when it ends", async () => {
  const first = onTerminal("run", "--rm", "-it", "--name", "brief", "--net", "none", "busybox", "sh");
  await first.saying("# ");
  first.kill("SIGKILL");
  await first.ended;
  expect(await statusOf("brief")).toBe("running");
  const removed = lab().host.startTsd(["wait", "--condition", "removed", "brief"]);
  await eventually(async () => expect(openFiles(removed.pid)).toContain(`${lab().host.root}/state.db`));
  const next = onTerminal("attach", "brief");
  next.write("echo he're'\r");
  await next.saying("here");
  next.write("exit 5\r");
  expect((await next.ended).code).toBe(5);
  expect((await removed.ended).stdout).toBe("5\n");
  expect(await statusOf("brief")).toBe("");
});

test("one that ignores Ctrl-C is told of on the second, and left on the third", async () => {
  await tsd("network", "create", "back");
  const program = lab().host.startTsd(["run", "--name", "deaf", "--net", "back", "busybox", "sleep", "600"]);
  await until(
    () => statusOf("deaf"),
    (status) => status === "running",
  );
  for (const presses of [1, 2]) {
    program.kill("SIGINT");
    await until(
      () => events("-f", "container=deaf", "-f", "event=kill"),
      (kills) => kills.length === presses,
    );
  }
  program.kill("SIGINT");
  const { code, stderr } = await program.ended;
  expect([code, stderr]).toEqual([1, expect.stringContaining("end it with tsd kill deaf, or press Ctrl-C once more")]);
  expect(await statusOf("deaf")).toBe("running");

  await tsd("exec", "-d", "deaf", "sh", "-c", "echo ready > /tmp/f; exec sleep 601");
  const shell = onTerminal("exec", "-it", "deaf", "sh", "-c", "echo h'er'e; cat > /dev/null & exec sleep 602");
  await shell.saying("here");
  shell.write(LEAVE);
  expect((await shell.ended).code).toBe(0);
  expect(
    await until(
      () => tsd("exec", "deaf", "cat", "/tmp/f"),
      (text) => text === "ready",
    ),
  ).toBe("ready");
  const listed = await tsd("top", "deaf", "-eo", "pid,args");
  for (const seconds of ["600", "601", "602"]) expect(listed).toContain(`sleep ${seconds}`);
  expect(await lab().host.tsd(["exec", "-d", "deaf", "nosuch"])).toMatchObject({ code: 127 });
  const stats = await tsd("stats", "--no-stream", "--networks", "deaf");
  expect(stats.split("\n")[1]).toMatch(/^deaf +back +eth0 /);

  await tsd("rename", "deaf", "quiet");
  expect((await tsd("names", "back", "--quiet")).split("\n")).toContain("quiet");
  await tsd("rm", "-f", "quiet");
  const own = await events("--filter", "container=quiet");
  expect(own.filter((event) => !event.includes("exec_"))).toEqual([
    "container rename",
    "container kill",
    "container die",
    "network disconnect",
    "container destroy",
  ]);
  await tsd("network", "rm", "back");
});
