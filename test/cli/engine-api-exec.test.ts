import { readFileSync, rmSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { eventually } from "../support/eventually.js";
import { clients, useEngineLab } from "./engine-lab.js";
import { sender } from "./engine-requests.js";

const { lab, service } = useEngineLab();
const send = sender(() => service().socket);

const sleeper = async (name: string): Promise<void> => {
  await service().mustDocker(["run", "-d", "--name", name, "--network", "none", "busybox", "sleep", "1000"]);
};

describe.each(clients)("%s", (client) => {
  const docker = (...args: readonly string[]): Promise<string> => service().mustDocker(args, { client });

  test("runs commands in a container, with their streams, their exit codes and their terminals", async () => {
    await sleeper("c");
    const ran = await service().docker(["exec", "-e", "A=out", "c", "sh", "-c", "echo $A; echo err >&2; exit 3"], {
      client,
    });
    expect(ran).toEqual({ code: 3, stdout: "out\n", stderr: "err\n" });
    const input = "x".repeat(300_000);
    expect(await service().mustDocker(["exec", "-i", "c", "cat"], { client, input })).toBe(input);
    const missing = await service().docker(["exec", "c", "nosuch"], { client });
    expect([missing.code, missing.stdout + missing.stderr]).toEqual([127, expect.stringContaining("nosuch")]);
    expect(await Promise.all(["1", "2", "3"].map((one) => docker("exec", "c", "echo", one)))).toEqual(["1", "2", "3"]);
    await docker("exec", "-d", "c", "sh", "-c", "echo done > /tmp/done");
    await eventually(async () => expect(await docker("exec", "c", "cat", "/tmp/done")).toBe("done"));
    const sized = "until stty size | grep '31 99'; do sleep 0.1; done; tty";
    const line = `stty rows 31 cols 99; '${client}' exec -it c sh -c "${sized}"`;
    const shown = await lab().host.run(["script", "-qec", line, "/dev/null"], {
      env: service().env,
      timeout: 60_000,
    });
    expect(shown).toMatchObject({
      code: 0,
      // script(1) may write the end of its own input behind it.
      stdout: expect.stringMatching(/31 99\r?\n\/dev\/(pts\/\d+|console)\r?\n/),
    });
    const stopped = await service().docker(["exec", "nosuch", "true"], { client });
    expect([stopped.code, stopped.stderr]).toEqual([1, expect.stringContaining("No such container: nosuch")]);
    await docker("rm", "-f", "c");
    const over = await service().docker(["exec", "c", "true"], { client });
    expect(over.code).toBe(1);
  });

  test("removes a container that goes with its run where the run does not begin, and waits for it no longer", async () => {
    const host = ["--network", "host", "--rm", "busybox", "true"];
    const run = (...args: readonly string[]) =>
      lab().host.run(["timeout", "60", client, "run", ...args], { env: service().env, timeout: 90_000 });
    const refused = await run("--runtime", "nosuch", ...host);
    expect([refused.code, refused.stderr]).toEqual([
      125,
      expect.stringContaining("the program nosuch is not installed"),
    ]);
    await docker("run", "-d", "--name", "first", "-p", "8093:80", "busybox", "sleep", "1000");
    const failed = await run("-p", "8093:80", "-v", "/data", "--rm", "busybox", "true");
    expect([failed.code, failed.stderr]).toEqual([125, expect.stringContaining("8093")]);
    expect(await docker("ps", "-a", "--format", "{{.Names}}")).toBe("first");
    expect(await docker("volume", "ls", "-q")).toBe("");
    const again = await send(
      "POST",
      "/containers/create",
      JSON.stringify({ Image: "busybox", HostConfig: { Runtime: "nosuch" } }),
    );
    expect([again.status, again.body]).toEqual([400, expect.stringContaining("the program nosuch is not installed")]);
    await docker("rm", "-f", "first");
  });

  test("looks at what a container does, uses and changes", async () => {
    await sleeper("seen");
    await docker("exec", "seen", "sh", "-c", "echo hi > /made; rm /bin/vi");
    expect(await docker("top", "seen", "-eo", "pid,args")).toMatch(/PID +COMMAND\n\d+ +sleep 1000$/);
    expect(await docker("stats", "--no-stream", "--format", "{{.Name}} {{.PIDs}} {{.MemUsage}}", "seen")).toMatch(
      /^seen \d+ [\d.]+\w*B \/ [\d.]+\w+B$/,
    );
    expect((await docker("diff", "seen")).split("\n")).toEqual(expect.arrayContaining(["A /made", "D /bin/vi"]));
    const file = `${lab().host.root}/seen.tar`;
    await docker("export", "-o", file, "seen");
    expect(await lab().host.mustRun(["tar", "-xOf", file, "made"])).toBe("hi\n");
    rmSync(file);
    const table = await docker("system", "df", "--format", "{{.Type}} {{.TotalCount}} {{.Active}}");
    expect(table).toMatch(/^Images 1 1\nContainers 1 1\nLocal Volumes 0 0\n/);
    await docker("rm", "-f", "seen");
    const stop = String(Math.ceil(Date.now() / 1000));
    const told = await docker(
      ...["events", "--since", "1", "--until", stop, "--filter", "container=seen", "--filter", "type=container"],
      ...["--format", "{{.Action}}"],
    );
    expect(told.replace(/\n(exec_|kill|stop|resize)[^\n]*/g, "").split("\n")).toEqual(
      expect.arrayContaining(["create", "start", "die", "destroy"]),
    );
  });
});

test("events come as they happen, with their older names", async () => {
  const since = String(Math.floor(Date.now() / 1000));
  const argv = [clients[0] ?? "", "events", "--since", since, "--filter", "event=create", "--format", "{{json .}}"];
  const heard = lab().host.start([...argv, "--filter", "container=new"], { env: service().env, timeout: 60_000 });
  await service().mustDocker(["create", "--name", "new", "busybox", "true"]);
  await heard.saying("\n");
  heard.kill("SIGKILL");
  const [event, ...more] = (await heard.ended).stdout.trim().split("\n");
  expect(more).toEqual([]);
  const { Actor, ...others } = JSON.parse(event ?? "");
  expect(others).toMatchObject({ status: "create", id: Actor.ID, from: "busybox", Type: "container", scope: "local" });
  await service().mustDocker(["rm", "new"]);
});

test("a command has one start, and says how it ended", async () => {
  await sleeper("c");
  const make = async (body: object, container = "c"): Promise<string> =>
    JSON.parse((await send("POST", `/containers/${container}/exec`, JSON.stringify(body))).body).Id;
  const inspect = async (id: string) => JSON.parse((await send("GET", `/exec/${id}/json`)).body);
  const id = await make({ Cmd: ["sh", "-c", "echo hi; exit 4"], AttachStdout: true });
  expect(await inspect(id)).toMatchObject({ ID: id, Running: false, ExitCode: null, OpenStdout: true });
  expect(JSON.parse((await send("GET", "/containers/c/json")).body).ExecIDs).toEqual([id]);
  expect((await send("POST", `/exec/${id}/start`, "{}")).body).toBe("\x01\0\0\0\0\0\0\x03hi\n");
  expect(await inspect(id)).toMatchObject({ Running: false, ExitCode: 4, ProcessConfig: { entrypoint: "sh" } });
  expect(JSON.parse((await send("GET", "/containers/c/json")).body).ExecIDs).toBeNull();
  // Detached, it says so all the same.
  const detached = await make({ Cmd: ["sh", "-c", "exit 5"] });
  expect((await send("POST", `/exec/${detached}/start`, '{"Detach":true}')).status).toBe(200);
  await eventually(async () => expect(await inspect(detached)).toMatchObject({ Running: false, ExitCode: 5 }));
  const behind = await make({ Cmd: ["sleep", "1000"] });
  expect((await send("POST", `/exec/${behind}/start`, '{"Detach":true}')).status).toBe(200);
  const { Pid, Running } = await inspect(behind);
  expect([Running, readFileSync(`/proc/${Pid}/cmdline`, "utf8")]).toEqual([true, "sleep\x001000\0"]);
  const missing = await make({ Cmd: ["nosuch"] });
  expect((await send("POST", `/exec/${missing}/start`, '{"Detach":true}')).status).toBe(400);
  expect(await inspect(missing)).toMatchObject({ Running: false, ExitCode: 127, Pid: 0 });
  const waiting = await make({ Cmd: ["true"] });
  await service().mustDocker(["pause", "c"]);
  const refusals: readonly (readonly [number, string, string, string, string?])[] = [
    [409, "already been started", "POST", `/exec/${id}/start`, "{}"],
    [409, "is not running", "POST", `/exec/${id}/resize?h=1&w=1`],
    [400, "no 70000 columns", "POST", `/exec/${waiting}/resize?h=1&w=70000`],
    [409, "is paused", "POST", `/exec/${waiting}/start`, "{}"],
    [409, "is paused", "POST", "/containers/c/exec", '{"Cmd":["true"]}'],
    [404, "No such exec instance: nosuch", "POST", "/exec/nosuch/start", "{}"],
    [400, "No exec command specified", "POST", "/containers/c/exec", "{}"],
    [400, "body.Cmd is not a list", "POST", "/containers/c/exec", '{"Cmd":7}'],
    [400, "unknown object type: x", "GET", "/system/df?type=x"],
    [501, "tsd has no swarm", "GET", "/v1.40/services/x/logs"],
    [501, "tsd builds no images", "POST", "/build"],
    [501, "tsd makes no image of a container", "POST", "/commit?container=c"],
    [501, "attaches no WebSocket", "GET", "/containers/c/attach/ws"],
  ];
  for (const [status, message, ...sent] of refusals) {
    const reply = await send(...sent);
    expect([sent[1], reply.status, JSON.parse(reply.body).message]).toEqual([
      ...[sent[1], status],
      expect.stringContaining(message),
    ]);
  }
  await service().mustDocker(["rm", "-f", "c"]);
});

test("commands run on without their clients, and without the service", async () => {
  await sleeper("c");
  const client = lab().host.start([clients[0] ?? "", "exec", "-i", "c", "sh", "-c", "cat; echo end > /tmp/end"], {
    env: service().env,
    timeout: 60_000,
  });
  await eventually(async () => expect(await service().mustDocker(["top", "c"])).toContain("cat;"));
  client.kill("SIGKILL");
  await client.ended;
  // Its input is over.
  await eventually(async () => expect(await service().mustDocker(["exec", "c", "cat", "/tmp/end"])).toBe("end"));
  const kept = ["exec", "c", "sh", "-c", "while sleep 0.1; do echo out; date > /tmp/on; done"];
  const cut = service().docker(kept);
  await eventually(async () => expect(await service().mustDocker(["exec", "c", "cat", "/tmp/on"])).not.toBe(""));
  await service().mustDocker(["exec", "-d", "c", "sleep", "603"]);
  service().program.kill("SIGTERM");
  expect(await service().program.ended).toMatchObject({ code: 0, stderr: "" });
  await cut;
  const top = await lab().host.mustTsd(["top", "c"]);
  expect(top).toContain("sleep 603");
  expect(top).toContain("echo out");
  await lab().host.mustTsd(["rm", "--force", "c"]);
  await service().clean();
});
