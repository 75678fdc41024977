import { rmSync, statSync } from "node:fs";
import { request } from "node:http";
import { resolve } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { eventually } from "../support/eventually.js";
import { addresses } from "../support/lab/lab.js";
import { clients, EngineService, useEngineLab } from "./engine-lab.js";
import { type Reply, sender } from "./engine-requests.js";

const { lab, service, replace } = useEngineLab();

const send = sender(() => service().socket);
const messageOf = ({ body }: Reply): string => JSON.parse(body).message;

describe.each(clients)("%s", (client) => {
  const docker = (...args: readonly string[]): Promise<string> => service().mustDocker(args, { client });

  test("runs containers in the foreground, with their streams and their exit codes", async () => {
    const ran = await service().docker(["run", "--rm", "busybox", "sh", "-c", "echo out; echo err >&2; exit 3"], {
      client,
    });
    expect(ran).toEqual({ code: 3, stdout: "out\n", stderr: "err\n" });
    const cat = ["run", "--rm", "-i", "busybox", "cat"];
    const input = "x".repeat(300_000);
    expect(await service().mustDocker(cat, { client, input })).toBe(input);
    const missing = await service().docker(["run", "--rm", "busybox", "nosuch"], { client });
    expect(missing.code).toBe(127);
    expect(missing.stderr).toContain("nosuch");
  });

  test("runs containers in the background, lists, reads and removes them", async () => {
    const web = ["busybox", "nc", "-ll", "-p", "80", "-e", "hostname"];
    const id = await docker("run", "-d", "--name", "www", "--hostname", "www", "-p", "8080:80", ...web);
    expect(await docker("ps", "--format", "{{.Names}} {{.Image}} {{.Ports}} {{.State}}", "--filter", "name=www")).toBe(
      "www busybox 0.0.0.0:8080->80/tcp running",
    );
    const calling = `for i in $(seq 100); do busybox nc -w 10 ${addresses.host} 8080 </dev/null && exit; sleep 0.1; done; exit 1`;
    expect(await lab().internet.mustRun(["sh", "-c", calling], { timeout: 40_000 })).toBe("www\n");
    expect(await docker("port", "www")).toContain("80/tcp -> 0.0.0.0:8080");
    expect(await docker("inspect", "-f", "{{.Id}} {{.State.Running}} {{.HostConfig.NetworkMode}}", "www")).toBe(
      `${id} true bridge`,
    );
    expect(await lab().host.mustTsd(["ps", "-q", "--no-trunc"])).toBe(id);
    expect((await service().docker(["rm", "www"], { client })).stderr).toContain('container "www" is running');
    await docker("rename", "www", "web");
    await docker("pause", "web");
    expect(await docker("ps", "--format", "{{.State}}")).toBe("paused");
    await docker("unpause", "web");
    await docker("update", "--cpus", "0.5", "web");
    expect(await docker("inspect", "-f", "{{.HostConfig.NanoCpus}}", "web")).toBe("500000000");
    await docker("restart", "-t", "0", "web");
    await docker("stop", "-t", "0", "web");
    expect(await docker("wait", "web")).toBe("137");
    await docker("rm", "web");
    expect(await docker("ps", "-aq")).toBe("");
  });

  test("reads logs, and follows them to their end", async () => {
    await docker("run", "--name", "said", "busybox", "sh", "-c", "for i in 1 2 3; do echo $i; sleep 0.1; done");
    expect(await docker("logs", "said")).toBe("1\n2\n3");
    expect(await docker("logs", "--tail", "1", "said")).toBe("3");
    const started = docker("start", "-a", "said");
    expect(await docker("logs", "-f", "said")).toMatch(/^1\n2\n3/);
    expect(await started).toBe("1\n2\n3");
    expect(await docker("logs", "-t", "--tail", "1", "said")).toMatch(/^\d{4}-\d\d-\d\dT.* 3$/);
    await docker("rm", "said");
  });
});

test("several clients that attach before the start each have all of the output", async () => {
  await service().mustDocker(["create", "--name", "both", "busybox", "echo", "hi"]);
  const attached = [
    send("POST", "/containers/both/attach?stream=1&stdout=1&stderr=1"),
    send("POST", "/containers/both/attach?stream=1&stdout=1&stderr=1"),
  ];
  const waits = send("POST", "/containers/both/wait?condition=next-exit");
  await send("GET", "/containers/json");
  expect((await send("POST", "/containers/both/start")).status).toBe(204);
  for (const { body } of await Promise.all(attached)) expect(body).toBe("\x01\0\0\0\0\0\0\x03hi\n");
  expect(JSON.parse((await waits).body)).toEqual({ StatusCode: 0 });
  await service().mustDocker(["rm", "both"]);
});

test("a client that attaches before the start is attached whichever process starts the container", async () => {
  await service().mustDocker(["create", "--name", "other", "busybox", "sh", "-c", "while echo hi; do sleep 0.1; done"]);
  const said = new Promise<string>((resolve, reject) => {
    const path = "/containers/other/attach?stream=1&stdout=1";
    const sent = request({ socketPath: service().socket, method: "POST", path }, (response) => {
      response.once("data", (chunk: Buffer) => {
        response.destroy();
        resolve(chunk.toString());
      });
    });
    sent.once("error", reject).end();
  });
  await send("GET", "/containers/json");
  await lab().host.mustTsd(["start", "other"]);
  expect(await said).toContain("hi\n");
  await service().mustDocker(["rm", "-f", "other"]);
});

test("a client that is killed while its container talks concerns neither the container nor the service", async () => {
  const talking = ["sh", "-c", "while echo hi; do sleep 0.1; done"];
  const talk = ["run", "--name", "talk", "--network", "none", "busybox", ...talking];
  const client = lab().host.start([clients[0] ?? "", ...talk], { env: service().env, timeout: 60_000 });
  await client.saying("hi");
  client.kill("SIGKILL");
  await client.ended;
  const said = async (): Promise<number> => (await service().mustDocker(["logs", "talk"])).length;
  const before = await said();
  await eventually(async () => expect(await said()).toBeGreaterThan(before + 30));
  expect(await service().mustDocker(["ps", "--format", "{{.Names}}"])).toBe("talk");
  await service().mustDocker(["rm", "-f", "talk"]);
});

test("what other commands do is seen, and what runs lives through the end of the service", async () => {
  await lab().host.mustTsd(["run", "-d", "--name", "own", "busybox", "sleep", "1000"]);
  expect(await service().mustDocker(["ps", "--format", "{{.Names}}"])).toBe("own");
  const attached = service().docker(["run", "--name", "kept", "busybox", "sleep", "1000"]);
  const running = ["ps", "--filter", "status=running", "--format", "{{.Names}}"];
  await eventually(async () => expect(await service().mustDocker(running)).toContain("kept"));
  service().program.kill("SIGKILL");
  await service().program.ended;
  await attached;
  replace(await EngineService.start(lab()));
  expect(await service().mustDocker(["ps", "--format", "{{.Names}}"])).toBe("kept\nown");
  await service().mustDocker(["rm", "-f", "kept", "own"]);
});

test("a socket is root's alone, and has one service", async () => {
  expect(statSync(service().socket).mode & 0o777).toBe(0o600);
  const refused = await lab().host.tsd(["system", "service", `unix://${service().socket}`]);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("is served by tsd (process ") });
  for (const address of ["tcp://127.0.0.1:2375", "/run/x.sock", "unix://"]) {
    expect(await lab().host.tsd(["system", "service", address])).toMatchObject({ code: 2 });
  }
  const both = await lab().host.tsd(["system", "service", "--group", "1", "fd://"]);
  expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining("does not fit fd://") });
  const long = await lab().host.tsd(["system", "service", `unix:///run/${"x".repeat(120)}`]);
  expect(long).toMatchObject({ code: 2, stderr: expect.stringContaining("107 bytes at most") });
});

/** As systemd does (sd_listen_fds(3)): makes a socket, starts the program for a first client, and again for the next. */
const launcher = `
  use Socket; $| = 1; $^F = 3; my $path = shift;
  socket(S, PF_UNIX, SOCK_STREAM, 0) && bind(S, pack_sockaddr_un($path)) && listen(S, 9) && fileno(S) == 3 or die $!;
  print "listens\n";
  for my $run (1, 2) {
    my $ready = ""; vec($ready, 3, 1) = 1; select($ready, undef, undef, undef);
    my $pid = fork; if (!$pid) { $ENV{LISTEN_PID} = $$; $ENV{LISTEN_FDS} = 1; exec @ARGV }
    waitpid($pid, 0); exit 1 if $?; print "ended $run\n";
  }`;

test("a socket of systemd's starts a service, which ends when it is idle, not while a client waits, and starts again", async () => {
  const socket = `${lab().host.runDirectory}/passed.sock`;
  const argv = ["perl", "-e", launcher, socket, resolve("bin/tsd"), "system", "service", "--time", "1", "fd://"];
  const started = lab().host.start(argv, { timeout: 120_000 });
  await started.saying("listens");
  const docker = [clients[0] ?? "", "--host", `unix://${socket}`];
  const run = [...docker, "run", "--rm", "--network", "none", "busybox", "sh", "-c", "sleep 2; echo over"];
  const env = { PATH: process.env.PATH ?? "", HOME: lab().host.root };
  expect(await lab().host.mustRun(run, { env, timeout: 60_000 })).toBe("over\n");
  await started.saying("ended 1");
  expect(await lab().host.mustRun([...docker, "ps", "-aq"], { env, timeout: 60_000 })).toBe("");
  expect(await started.ended).toMatchObject({ code: 0, stdout: expect.stringContaining("ended 2") });
  rmSync(socket);
  const alone = await lab().host.tsd(["system", "service", "fd://"]);
  expect(alone).toMatchObject({ code: 2, stderr: expect.stringContaining("it passed none") });
});

test("what docker's API has not is refused with docker's status and one sentence", async () => {
  const refusals: readonly (readonly [number, string, string, string, string?])[] = [
    [404, "page not found", "GET", "/v1.40/nosuch"],
    [405, "does not accept the method", "PUT", "/containers/json"],
    [400, "client version 1.23 is too old", "GET", "/v1.23/info"],
    [400, "client version 1.99 is too new", "GET", "/v1.99/info"],
    [404, "No such container: nosuch", "GET", "/containers/nosuch/json"],
    [404, "No such image: nosuch", "POST", "/containers/create", '{"Image":"nosuch"}'],
    [400, "body is not JSON", "POST", "/containers/create", "{"],
    [400, "body.Cmd is not a list", "POST", "/containers/create", '{"Image":"busybox","Cmd":7}'],
    [400, "invalid filter", "GET", "/containers/json?filters=%7B"],
    [400, 'there is no filter "nosuch"', "GET", "/containers/json?filters=%7B%22nosuch%22%3A%5B%22a%22%5D%7D"],
    [400, "NUL", "GET", "/containers/a%00b/json"],
    [400, "encoded as a URL", "GET", "/containers/%ff/json"],
    [404, "No such container: ../x", "GET", "/containers/..%2fx/json"],
    [501, "tsd removes no link", "DELETE", "/containers/x?link=1"],
    [501, "tsd sends no images", "POST", "/images/a.example/b/push?tag=1"],
    [400, "invalid condition", "POST", "/containers/x/wait?condition=soon"],
  ];
  for (const [status, message, ...sent] of refusals) {
    const [method = "", path = "", body] = sent;
    const reply = await send(method, path, body);
    expect([path, reply.status, messageOf(reply)]).toEqual([path, status, expect.stringContaining(message)]);
    expect(messageOf(reply)).not.toContain("\n");
  }
});

test("a body that is repeated in the URL passes, and a head beyond all bounds does not", async () => {
  const body = JSON.stringify({ Image: "busybox", Cmd: ["true"], Env: [`LONG=${"x".repeat(60_000)}`] });
  const { status, body: made } = await send(
    "POST",
    `/containers/create?name=long&body=${encodeURIComponent(body)}`,
    body,
  );
  expect([status, made]).toEqual([201, expect.anything()]);
  await service().mustDocker(["rm", JSON.parse(made).Id]);
  expect((await send("GET", `/_ping?${"x".repeat(1 << 20)}`)).status).toBe(431);
  expect(await send("GET", "/_ping")).toMatchObject({ status: 200, body: "OK", headers: { "api-version": "1.49" } });
});

test("a service ends at SIGTERM without a word, and leaves nothing behind", async () => {
  await service().stop();
});
