import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { reply } from "../../../../src/adapters/docker/reply.js";
import { serve } from "../../../../src/adapters/docker/serve.js";
import { TsdError } from "../../../../src/errors/tsd-error.js";
import { recorded } from "./recorded.js";

let directory: string;
let socket: string;
let stops: (() => Promise<void>)[] = [];
beforeEach(() => {
  directory = mkdtempSync(`${tmpdir()}/docker-plugin-`);
  socket = `${directory}/plugins/tsd.sock`;
});
afterEach(async () => {
  for (const stop of stops) await stop();
  stops = [];
  rmSync(directory, { recursive: true });
});

const calls = {
  driver: "bridge",
  report: () => undefined,
  open: async () => {
    throw new TsdError({ kind: "store", code: "TSD_TEST", message: "out of reach", hint: "Reach for it." });
  },
};

async function start(): Promise<void> {
  const { promise: stop, resolve } = Promise.withResolvers<void>();
  await new Promise<void>((started, failed) => {
    const served = serve({ ...calls, socket, started, stop });
    served.catch(failed);
    stops.push(() => {
      resolve();
      return served;
    });
  });
}

/** Sends it, and returns all that comes back before the connection ends. */
async function send(text: string): Promise<string> {
  const client = connect(socket);
  let received = "";
  client.on("data", (chunk) => {
    received += String(chunk);
  });
  client.on("error", () => undefined);
  client.write(text);
  await new Promise((resolve) => {
    client.once("close", resolve);
  });
  return received;
}

/** As some docker writes it: an empty Host, no type. */
function post(method: string, body: string): Promise<string> {
  return send(
    `POST /${method} HTTP/1.1\r\nHost:\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

test("a plug-in says what it is, and what fails in one sentence", async () => {
  await start();
  expect(await post("Plugin.Activate", "")).toContain('{"Implements":["NetworkDriver"]}');
  expect(await post("NetworkDriver.GetCapabilities", "null")).toContain(
    '{"Scope":"local","ConnectivityScope":"local"}',
  );
  const created = await post("NetworkDriver.CreateNetwork", JSON.stringify(recorded.CreateNetwork));
  expect(created).toMatch(/^HTTP\/1\.1 200 OK/);
  expect(created).toContain('{"Err":"out of reach (Reach for it.)"}');
});

test("what is no call of docker's gets a refusal, and the next call its reply", async () => {
  await start();
  const large = `POST /NetworkDriver.Join HTTP/1.1\r\nHost:\r\nContent-Length: 2000000\r\n\r\n${"x".repeat(1_100_000)}`;
  for (const [text, status] of [
    ["GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n", 405],
    ["hello\r\n\r\n", 400],
    [`POST /x HTTP/1.1\r\nX: ${"y".repeat(20_000)}\r\n\r\n`, 431],
  ] as const) {
    expect(await send(text)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  }
  // The connection may end before its other end has written all.
  expect(await send(large)).toMatch(/^(HTTP\/1\.1 413 |$)/);
  for (const [method, body, status] of [
    ["NetworkDriver.AllocateNetwork", "{}", 404],
    ["constructor", "{}", 404],
    ["NetworkDriver.CreateNetwork", "{", 400],
    ["NetworkDriver.CreateNetwork", '{"NetworkID":7}', 400],
  ] as const) {
    const text = await post(method, body);
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(text).toContain('{"Err":"');
  }
  expect(await post("Plugin.Activate", "")).toMatch(/^HTTP\/1\.1 200 /);
});

test("a socket is root's alone, is removed at the end, and is not taken from one who serves it", async () => {
  await start();
  expect(statSync(socket).mode & 0o777).toBe(0o600);
  await expect(start()).rejects.toMatchObject({
    message: `${socket} is served by tsd (process ${process.pid}) already`,
  });
  await stops.shift()?.();
  stops = [];
  expect(existsSync(socket)).toBe(false);
  writeFileSync(socket, "");
  await expect(start()).rejects.toMatchObject({ code: "TSD_DOCKER_SOCKET" });
  stops = [];
});

test("a fault of tsd's own is one, with its message and no trace", async () => {
  const open = async () => {
    throw new RangeError("oh\nno");
  };
  const text = JSON.stringify(recorded.Join);
  expect(await reply("/NetworkDriver.Join", text, { ...calls, open })).toEqual({
    status: 500,
    body: { Err: "internal error of tsd: oh\\x0ano" },
  });
});
