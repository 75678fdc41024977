import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer } from "node:net";
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

async function start(changed: Partial<typeof calls> = {}): Promise<void> {
  const { promise: stop, resolve } = Promise.withResolvers<void>();
  await new Promise<void>((started, failed) => {
    const served = serve({ ...calls, ...changed, socket, started, stop });
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
  expect(readdirSync(`${directory}/plugins`)).toEqual([]);
  writeFileSync(socket, "");
  await expect(start()).rejects.toMatchObject({ code: "TSD_SOCKET_TAKEN" });
  stops = [];
});

test("of servers that start at once where one has died, one takes its place, and the others end", async () => {
  mkdirSync(`${directory}/plugins`);
  const dead = createServer().listen(`${directory}/plugins/dead`);
  renameSync(`${directory}/plugins/dead`, socket);
  await new Promise((resolve) => dead.close(resolve));
  const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => start()));
  const refused = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  expect(refused.map(({ code }) => code)).toEqual(Array(3).fill("TSD_SOCKET_TAKEN"));
  expect(await post("Plugin.Activate", "")).toMatch(/^HTTP\/1\.1 200 /);
  stops = stops.filter((_stop, index) => outcomes[index]?.status === "fulfilled");
  for (const stop of stops.splice(0)) await stop();
  expect(readdirSync(`${directory}/plugins`)).toEqual([]);
});

test("a directory of plug-ins is root's to write even without a umask, and so is the umask afterwards", async () => {
  const mask = process.umask(0);
  try {
    await start();
    expect(process.umask(0)).toBe(0);
  } finally {
    process.umask(mask);
  }
  expect(statSync(`${directory}/plugins`).mode & 0o777).toBe(0o755);
  expect(statSync(socket).mode & 0o777).toBe(0o600);
});

test.each([
  ["writable by others", () => chmodSync(`${directory}/plugins`, 0o777)],
  ["in one that is writable by others", () => chmodSync(directory, 0o777)],
  ["reached through one that is", () => symlinkSync(`${directory}/plugins`, `${directory}/open/link`)],
] as const)("no socket is made in a directory that is %s", async (what, change) => {
  for (const name of ["plugins", "open"]) mkdirSync(`${directory}/${name}`);
  chmodSync(`${directory}/open`, 0o777);
  change();
  if (what.startsWith("reached")) socket = `${directory}/open/link/tsd.sock`;
  await expect(start()).rejects.toMatchObject({ code: "TSD_SOCKET_DIRECTORY" });
  stops = [];
  expect(readdirSync(`${directory}/plugins`)).toEqual([]);
});

test("a server that ends completes the calls that have arrived, and waits for no other", async () => {
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
  await start({
    open: async () => {
      ask();
      await opened;
      return calls.open();
    },
  });
  const idle = "POST /Plugin.Activate HTTP/1.1\r\nHost:\r\nContent-Length: 0\r\n\r\n";
  const ends: Promise<unknown>[] = [];
  for (const text of ["P", "POST /Plugin.Activate HT", idle.replace(": 0", ": 9").concat("12"), idle]) {
    const client = connect(socket).on("error", () => undefined);
    ends.push(new Promise((resolve) => client.once("close", resolve)));
    const replied = new Promise((resolve) => client.once("data", resolve));
    await new Promise<void>((resolve) => client.write(text, () => resolve()));
    if (text === idle) await replied;
  }
  // docker keeps its connection.
  const body = JSON.stringify(recorded.CreateNetwork);
  const call = send(
    `POST /NetworkDriver.CreateNetwork HTTP/1.1\r\nHost:\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  await asked;
  const stopped = stops.splice(0)[0]?.();
  await Promise.all(ends);
  expect(existsSync(socket)).toBe(false);
  open();
  expect(await call).toContain('{"Err":"out of reach (Reach for it.)"}');
  await stopped;
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
