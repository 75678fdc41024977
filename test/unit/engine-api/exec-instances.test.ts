import { PassThrough, Writable } from "node:stream";
import { expect, test } from "@jest/globals";
import { parseDocument } from "../../../src/contracts/json-field.js";
import { execRequest } from "../../../src/engine-api/requests/exec-request.js";
import { ExecInstances } from "../../../src/engine-api/sessions/exec-instances.js";
import { LastingOutput } from "../../../src/engine-api/sessions/lasting-output.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import { engineStats } from "../../../src/presenters/engine-stats.js";

const request = (body: object) =>
  execRequest(
    parseDocument(JSON.stringify(body), "body", (message) => {
      return new TsdError({ kind: "invalid-input", code: "TSD_ENGINE_REQUEST", message });
    }),
  );

test("the oldest commands that do not run are forgotten, by their number and by their size", () => {
  const execs = new ExecInstances();
  const running = execs.add("c", request({ Cmd: ["true"] }));
  running.begin(undefined);
  const oldest = execs.add("c", request({ Cmd: ["true"] }));
  for (let made = 0; made < 4096; made += 1) execs.add("c", request({ Cmd: ["true"] }));
  expect(() => execs.get(oldest.id)).toThrow("No such exec instance");
  expect(execs.get(running.id)).toBe(running);
  expect(execs.of("c")).toHaveLength(4096);
  for (let made = 0; made < 20; made += 1) execs.add("d", request({ Cmd: ["x".repeat(3 << 20)] }));
  expect(execs.of("d")).toHaveLength(10);
  expect(execs.of("c")).toEqual([running.id]);
});

test("commands are refused where all that are kept run", () => {
  const execs = new ExecInstances();
  for (let made = 0; made < 4096; made += 1) execs.add("c", request({ Cmd: ["true"] })).begin(undefined);
  expect(() => execs.add("c", request({ Cmd: ["true"] }))).toThrow("4096 commands in containers run already");
});

test("a command that could not be run is over, and may be forgotten", () => {
  const execs = new ExecInstances();
  const exec = execs.add("c", request({ Cmd: ["true"] }));
  exec.begin(undefined);
  exec.giveUp(new TsdError({ kind: "conflict", code: "TSD_STORE_BUSY", message: "busy" }));
  expect([exec.state, exec.exitCode, execs.of("c")]).toEqual(["ended", 125, []]);
});

test("a command that its client left has no process id: nobody sees its end, after which another may have the number", async () => {
  const exec = new ExecInstances().add("c", request({ Cmd: ["true"], DetachKeys: "ctrl-a" }));
  exec.begin(undefined);
  const signal = new AbortController().signal;
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const seen: unknown[] = [];
  const containers: Parameters<typeof exec.run>[0] = {
    exec: async (_container, _spec, options) => {
      options?.onCommand?.(42);
      seen.push(exec.pid);
      return { exitCode: 0, stdout: "", stderr: "", detached: true };
    },
  };
  await exec.run(containers, streams, { left: signal, leave: signal });
  expect([...seen, exec.state, exec.pid]).toEqual([42, "left", undefined]);
});

test("output of a command does not wait for a client that has gone while it did not read", async () => {
  const stuck = new Writable({ write: () => undefined });
  const left = new AbortController();
  const output = new LastingOutput(stuck, left.signal, true);
  const written = new Promise((resolve) => output.write("a", resolve));
  left.abort();
  expect(await written).toBeFalsy();
  let sizes = 0;
  output.on("resize", () => {
    sizes += 1;
  });
  output.resize({ rows: 3, columns: 4 });
  expect([sizes, output.isTTY, output.rows, output.columns]).toEqual([1, true, 3, 4]);
  const broken = new LastingOutput(new PassThrough().destroy(), new AbortController().signal, false);
  expect(await new Promise((resolve) => broken.write("a", resolve))).toBeFalsy();
});

test("a request for a command is read as docker reads it", () => {
  expect(request({ Cmd: "ls", Tty: true, ConsoleSize: [24, 80], Privileged: true, Env: ["A=b"] })).toMatchObject({
    spec: { command: ["ls"], tty: true, interactive: false, privileged: true, env: ["A=b"] },
    size: { rows: 24, columns: 80 },
  });
  expect(request({ Cmd: ["ls"], ConsoleSize: [0, 0] }).size).toBeUndefined();
  expect(() => request({ Cmd: ["ls"], ConsoleSize: [70_000, 1] })).toThrow("body.ConsoleSize");
});

test("what a container uses is shown beside what the machine had, and nothing for one that does not run", () => {
  const stats = {
    ...{ id: "a", name: "c", time: "2026-01-01T00:00:01.000Z", cpu: 5, memory: 6, memoryLimit: 7, pids: 8 },
    ...{ blockRead: 9, blockWritten: 10, interfaces: [], ports: [] },
  };
  const now = { stats, processors: 2, processorTime: 11 };
  expect(engineStats(stats, now, undefined)).toMatchObject({
    ...{ name: "/c", read: stats.time, preread: "0001-01-01T00:00:00Z" },
    cpu_stats: { cpu_usage: { total_usage: 5 }, system_cpu_usage: 11, online_cpus: 2 },
    memory_stats: { usage: 6, limit: 7 },
    pids_stats: { current: 8 },
    blkio_stats: {
      io_service_bytes_recursive: [
        { op: "read", value: 9 },
        { op: "write", value: 10 },
      ],
    },
  });
  expect(engineStats(stats, undefined, now)).toMatchObject({ read: "0001-01-01T00:00:00Z", memory_stats: {} });
});
