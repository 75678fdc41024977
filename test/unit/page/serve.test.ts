import { mkdtempSync, rmSync } from "node:fs";
import { type ClientRequest, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { Audience } from "../../../src/page/http/audience.js";
import { servePage } from "../../../src/page/serve.js";
import { eventually } from "../../support/eventually.js";
import { FakeTsd } from "../commands/fake-tsd.js";
import { started, WatchedHost } from "./watched-host.js";

let directory: string;
let clients: ClientRequest[] = [];
let end: (() => Promise<void>) | undefined;
const reports: string[] = [];

beforeEach(() => {
  directory = mkdtempSync(`${tmpdir()}/page-`);
  reports.length = 0;
});
afterEach(async () => {
  for (const client of clients) client.destroy();
  clients = [];
  await end?.();
  end = undefined;
  rmSync(directory, { recursive: true });
});

/** Serves a page; returns where it begins. */
async function serve(host: WatchedHost): Promise<string> {
  const stop = Promise.withResolvers<void>();
  const path = Promise.withResolvers<string>();
  const served = servePage({
    address: { path: `${directory}/socket` },
    open: async () => new FakeTsd(host.parts),
    report: (line) => reports.push(line),
    time: host.time,
    started: (at) => path.resolve(at.path),
    stop: stop.promise,
  });
  served.catch(path.reject);
  end = () => {
    stop.resolve();
    return served;
  };
  return path.promise;
}

function get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const socketPath = `${directory}/socket`;
    const asked = request({ socketPath, path, headers: { host: "localhost", ...headers } }, resolve);
    asked.once("error", reject).end();
    clients.push(asked);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk;
  return text;
}

/** Reads a stream until it has said something, and returns all up to there. */
async function saying(response: IncomingMessage, words: string): Promise<string> {
  let text = "";
  response.setEncoding("utf8");
  await new Promise<void>((resolve) => {
    response.on("data", (chunk) => {
      text += chunk;
      if (text.includes(words)) resolve();
    });
  });
  return text;
}

test("the host is looked at once for all readers, and not at all when the last has gone", async () => {
  const host = new WatchedHost();
  const path = await serve(host);
  expect(host.looks).toBe(0);
  const readers = await Promise.all([1, 2, 3, 4, 5].map(() => get(`${path}live`)));
  await Promise.all(readers.map((reader) => saying(reader, "event: map")));
  expect(host.looks).toBe(1);
  expect(host.followers).toBe(1);
  const last = readers.pop();
  for (const reader of readers) reader.destroy();
  // Who is served behind them is served when their ends have been noticed.
  await textOf(await get(path));
  host.happen(started(1, "late"));
  await Promise.all([last && saying(last, ">late<"), host.time.pass(100)]);
  expect(host.followers).toBe(1);
  last?.destroy();
  await eventually(async () => expect(host.followers).toBe(0));
});

test("a busy host is looked at after a pause that is in proportion to the look, and the picture and the list have one check", async () => {
  const host = new WatchedHost();
  host.takes = 400;
  host.drifts = [{ problem: "damaged", where: "table inet tsd", what: "rule missing: drop" }];
  const path = await serve(host);
  const reader = await get(`${path}live`);
  await saying(reader, "event: map");
  host.happen(started(1, "late"));
  await saying(reader, ">late<");
  await host.time.pass(1200);
  await eventually(async () => expect(host.looks).toBe(2));
  expect(host.drawn).toBe(host.drifts);
  await host.time.pass(1200);
  await eventually(async () => expect(host.time.pauses.map(({ milliseconds }) => milliseconds)).toContain(2800));
});

test("a page that is asked for as another begins to follow has each event once", async () => {
  const host = new WatchedHost();
  const past = Promise.withResolvers<void>();
  host.past = past.promise;
  host.happen(started(1, "late"));
  const path = await serve(host);
  const page = get(path);
  await eventually(async () => expect(host.looks).toBe(1));
  const reader = await get(`${path}live`);
  await saying(reader, ">late<");
  past.resolve();
  expect((await textOf(await page)).match(/>late<\/bdi> <b>start/g)).toHaveLength(1);
});

test("the traffic of a rest is no rate of the time behind it", async () => {
  const host = new WatchedHost();
  const path = await serve(host);
  const first = await get(`${path}live`);
  await saying(first, "event: traffic");
  await eventually(async () => expect(host.measured).toBe(1));
  host.received = 4000;
  host.time.moment += 2000;
  await Promise.all([saying(first, "2kB/s"), host.time.pass(2000)]);
  first.destroy();
  await eventually(async () => expect(host.followers).toBe(0));
  host.received = 4e9;
  host.time.moment += 3_600_000;
  const second = await get(`${path}live`);
  const said = saying(second, ">late<");
  await eventually(async () => expect(host.measured).toBe(3));
  host.happen(started(1, "late"));
  expect(await said).not.toMatch(/[1-9]\S*B\/s/);
});

test("pages that are asked for at the same time are made from one look", async () => {
  const host = new WatchedHost();
  const path = await serve(host);
  const texts = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(async () => textOf(await get(path))));
  expect(texts.filter((text) => text.includes("lab-7"))).toHaveLength(8);
  expect(host.looks).toBe(1);
});

test("a host that cannot be looked at is said on the page, and reported once", async () => {
  const host = new WatchedHost();
  host.failure = new Error("the store is locked");
  const path = await serve(host);
  for (let time = 0; time < 3; time += 1) expect(await textOf(await get(path))).toContain("the store is locked");
  expect(reports).toEqual(["the host could not be looked at: the store is locked"]);
});

test("there is room for 32 readers, and the next is refused in words until one has gone", async () => {
  const path = await serve(new WatchedHost());
  const readers = await Promise.all(Array.from({ length: 32 }, () => get(`${path}live`)));
  const refused = await get(`${path}live`);
  expect([refused.statusCode, await textOf(refused)]).toEqual([503, expect.stringContaining("as many readers")]);
  readers[7]?.destroy();
  await eventually(async () => expect((await get(`${path}live`)).statusCode).toBe(200));
});

test("questions have bounds: their length, and four at a time", async () => {
  const host = new WatchedHost();
  const path = await serve(host);
  const ask = async (from: string): Promise<string> => textOf(await get(`${path}explain?from=${from}&to=b`));
  expect(await ask("a".repeat(301))).toContain("300 characters");
  const asked = Array.from({ length: 4 }, () => ask("a"));
  await eventually(async () => expect(host.questions).toBe(4));
  expect(await ask("a")).toContain("Too many questions");
  host.reply.resolve({ hops: [], verdict: { reaches: true, why: "it is near" }, cautions: [] });
  for (const text of await Promise.all(asked)) expect(text).toContain("It is near.");
  expect(await ask("a")).toContain("It is near.");
});

test.each([
  ["a name of another site that leads here", { host: "evil.example" }, "", 421],
  ["a name that begins as ours", { host: "localhost.evil.example" }, "", 421],
  ["another part", {}, "../../etc/passwd", 404],
  ["a part that every object has", {}, "constructor", 404],
  ["a port of ssh's", { host: "localhost:8080" }, "", 200],
  ["IPv6", { host: "[::1]:1" }, "", 200],
])("a request with %s gets its status", async (_, headers, below, status) => {
  const path = await serve(new WatchedHost());
  const reply = await get(`${path}${below}`, headers);
  expect(reply.statusCode).toBe(status);
  expect(reply.headers).toMatchObject({
    "content-security-policy": expect.stringMatching(
      /^default-src 'none'; script-src 'self'; style-src 'self' 'sha256-[^']+';/,
    ),
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
  });
});

test("an address without its last slash leads to the page, to whose slash its parts are relative", async () => {
  const path = await serve(new WatchedHost());
  const reply = await get(path.slice(0, -1));
  expect([reply.statusCode, reply.headers.location]).toEqual([308, path]);
});

test("a reader that does not read costs what one message does, and gets the newest when it reads again", async () => {
  const large = "x".repeat(1 << 20);
  let response: ServerResponse | undefined;
  const audience = new Audience(
    () => undefined,
    () => undefined,
  );
  const server = createServer((_request, given) => {
    response = given;
    audience.admit(given);
  });
  await new Promise<void>((resolve) => server.listen(`${directory}/socket`, resolve));
  const asked = request({ socketPath: `${directory}/socket` });
  const received = await new Promise<IncomingMessage>((resolve) => asked.once("response", resolve).end());
  received.pause();
  for (let number = 1; number <= 100; number += 1) {
    audience.show({ map: { text: `${number} ${large}` } });
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(response?.writableLength).toBeLessThan(8 << 20);
  received.resume();
  await saying(received, '"100 x');
  asked.destroy();
  await new Promise((resolve) => server.close(resolve));
});
