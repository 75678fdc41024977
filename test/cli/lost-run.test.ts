import { existsSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "@jest/globals";
import { endOf } from "../support/lab/process-end.js";
import { inspect, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

/** How run-time files are lost: `$1` is the run directory, `$2` the container's id, `$3` its namespace's name. */
const losses: Readonly<Record<string, string>> = {
  "all of the run directory": 'umount -l "$1/netns/$3" && umount -l "$1/netns" && rm -r "$1"/*',
  "the directories of containers": 'rm -r "$1/containers"',
  "its namespace's name and the names of hosts": 'umount -l "$1/netns/$3" && rm -r "$1/netns/$3" "$1/sandboxes"',
  "the runtime's state and the supervisor's sockets": 'cd "$1/containers/$2" && rm -r oci attach ctl',
  "all that names its processes, and the place of the exit's record":
    'cd "$1/containers/$2" && rm -r conmon.pid pid process.json exit',
  "the sense of what it wrote about itself":
    'cd "$1/containers/$2" && for file in config.json process.json pid conmon.pid; do echo "{spoilt}" > $file; done',
  "the shape of what it wrote about itself":
    'cd "$1/containers/$2" && for file in config.json process.json; do echo "{}" > $file; done',
  "its supervisor and the directories of containers":
    'kill -9 $(cat "$1/containers/$2/conmon.pid") && rm -r "$1/containers"',
};

/** For a machine that is far slower than any. */
const patience = 180_000;

const oneSentence = /^tsd: [^\n]+\nhint: [^\n]+\n$/;

interface Started {
  readonly id: string;
  readonly pid: number;
  readonly supervisor: number;
}

async function run(): Promise<Started> {
  await lab().host.mustTsd(["run", "-d", "--name", "web", "--net", "net", "-p", "8080:80", "busybox", "sleep", "600"]);
  return seen();
}

async function seen(): Promise<Started> {
  const { host } = lab();
  const { Id: id, State } = await inspect(lab(), "web");
  const supervisor = Number(readFileSync(`${host.runDirectory}/containers/${id}/conmon.pid`, "utf8"));
  return { id, pid: State.Pid, supervisor };
}

async function lose(script: string, id: string): Promise<void> {
  const { host } = lab();
  const netns = (await host.mustTsd(["inspect", "--format", "{{.NetworkSettings.SandboxKey}}", "web"]))
    .split("/")
    .at(-1);
  await host.mustRun(["sh", "-c", script, "sh", host.runDirectory, id, netns ?? ""]);
}

test.each(Object.entries(losses))(
  "a container that lost %s is shown, repaired, stopped and started",
  async (_, script) => {
    const { host } = lab();
    await host.mustTsd(["network", "create", "net"]);
    const first = await run();
    await lose(script, first.id);
    expect(await host.mustTsd(["ps", "--format", "{{.Name}} {{.State}}"])).toBe("web running");
    expect(await host.mustTsd(["logs", "web"])).toBe("");
    const executed = await host.tsd(["exec", "web", "true"]);
    if (executed.code !== 0) expect(executed).toMatchObject({ code: 125, stderr: expect.stringMatching(oneSentence) });
    expect(executed.stderr).not.toContain("internal error");
    const added = await host.tsd(["port", "add", "web", "8081:81"]);
    if (added.code !== 0) {
      expect(added.stderr).toMatch(oneSentence);
      expect(added.stderr).toContain("tsd reload");
    }
    await host.tsd(["reload"]);
    expect(await host.tsd(["check"])).toEqual({ code: 0, stdout: "", stderr: "" });
    if (added.code !== 0) await host.mustTsd(["port", "add", "web", "8081:81"]);
    await host.mustTsd(["port", "rm", "web", "81"]);
    await host.mustTsd(["stop", "-t", "0", "web"]);
    for (const pid of [first.pid, first.supervisor]) await endOf(pid);
    expect(await host.mustTsd(["ps", "-a", "--format", "{{.Name}} {{.State}}"])).toBe("web exited");
    await host.mustTsd(["start", "web"]);
    await host.mustTsd(["exec", "web", "true"]);
    const second = await seen();
    await lose(script, second.id);
    await host.mustTsd(["rm", "-f", "web"]);
    for (const pid of [second.pid, second.supervisor]) await endOf(pid);
    // Directories that stay from the first use on.
    await host.mustTsd(["run", "--rm", "--net", "net", "busybox", "true"]);
    await host.mustTsd(["network", "rm", "net"]);
  },
  patience,
);

test("what is no file in the place of a log is named, and blocks no command", async () => {
  const { host } = lab();
  const make: Readonly<Record<string, string>> = { directory: "mkdir", fifo: "mkfifo" };
  for (const [kind, program] of Object.entries(make)) {
    const id = (await host.mustTsd(["create", "--name", "web", "--net", "none", "busybox", "sleep", "600"])).trim();
    const log = `${host.root}/logs/${id}.log`;
    await host.mustRun(["sh", "-c", `mkdir -p "\${1%/*}" && ${program} "$1"`, "sh", log]);
    for (const words of [["logs"], ["logs", "-f"], ["start"]]) {
      const refused = await host.tsd([...words, "web"]);
      expect({ kind, words, stderr: refused.stderr }).toMatchObject({ stderr: expect.stringMatching(oneSentence) });
      expect(refused.stderr).toContain(log);
    }
    await host.mustTsd(["rm", "-f", "web"]);
    expect(await host.tsd(["gc"])).toMatchObject({ code: 0 });
    expect(existsSync(log)).toBe(kind === "directory");
    await host.mustRun(["rm", "-rf", log]);
  }
});

test("a process that has the number of a container's, and started later, hears of nothing", async () => {
  const { host } = lab();
  const other = host.start(["sh", "-c", "trap 'echo hit' HUP TERM; echo ready; while :; do sleep 0.1; done"]);
  await other.saying("ready");
  await host.mustTsd(["network", "create", "net"]);
  for (const words of [
    ["kill", "-s", "HUP"],
    ["stop", "-t", "0"],
    ["rm", "-f"],
  ]) {
    const { id, pid, supervisor } = await run();
    for (const each of [supervisor, pid]) {
      process.kill(each, "SIGKILL");
      await endOf(each);
    }
    give(`${host.root}/state.db`, id, other.pid);
    await host.tsd([...words, "web"]);
    await host.tsd(["rm", "-f", "web"]);
  }
  expect(existsSync(`/proc/${other.pid}`)).toBe(true);
  other.kill("SIGKILL");
  expect((await other.ended).stdout).toBe("ready\n");
  await host.mustTsd(["network", "rm", "net"]);
});

/** As if the container's number had come to another process. */
function give(database: string, id: string, pid: number): void {
  const store = new DatabaseSync(database, { timeout: 5000 });
  store.prepare("UPDATE containers SET value = json_set(value, '$.container.pid', ?) WHERE id = ?").run(pid, id);
  store.close();
}
