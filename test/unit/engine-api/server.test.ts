import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { type Duplex, PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { Exchange } from "../../../src/engine-api/http/exchange.js";
import { moving } from "../../../src/engine-api/http/moving.js";
import { refusal } from "../../../src/engine-api/http/refusal.js";
import { type EngineServer, makeServer } from "../../../src/engine-api/http/server.js";
import { ClientSession } from "../../../src/engine-api/sessions/client-session.js";

let directory: string;
let engine: EngineServer;
let accepting: Server | undefined;
let clients: Socket[] = [];

async function serve(carryOut: (exchange: Exchange) => Promise<void>): Promise<void> {
  engine = makeServer({ "Api-Version": "1.49" }, carryOut);
  await new Promise<void>((resolve) => engine.server.listen(`${directory}/socket`, resolve));
}

/** As for fd:// and tcp://, where another server accepts the clients. */
async function servePassed(headArrival: number, carryOut: (exchange: Exchange) => Promise<void>): Promise<void> {
  engine = makeServer({ "Api-Version": "1.49" }, carryOut, { headArrival });
  const options = { allowHalfOpen: true };
  accepting = createServer(options, (socket) => engine.server.emit("connection", socket));
  await new Promise<void>((resolve) => accepting?.listen(`${directory}/socket`, resolve));
}

beforeEach(() => {
  directory = mkdtempSync(`${tmpdir()}/engine-api-`);
});
afterEach(async () => {
  for (const client of clients) client.destroy();
  clients = [];
  accepting?.close();
  accepting = undefined;
  await engine.end();
  rmSync(directory, { recursive: true });
});

/** A client that writes what it is given, and keeps all that comes back. */
class Client {
  received = "";
  readonly ended: Promise<void>;
  readonly socket = connect({ path: `${directory}/socket`, allowHalfOpen: true });

  constructor() {
    clients.push(this.socket);
    this.socket.setEncoding("latin1").on("data", (text) => {
      this.received += text;
    });
    this.socket.on("error", () => undefined);
    this.ended = new Promise((resolve) => {
      this.socket.once("end", resolve);
      this.socket.once("close", () => resolve());
    });
  }

  async saying(text: string): Promise<void> {
    while (!this.received.includes(text)) await new Promise((resolve) => this.socket.once("data", resolve));
  }
}

/** Replies with the body that was sent, then with what follows on the upgraded connection. */
async function echo(exchange: Exchange): Promise<void> {
  const body = await exchange.body();
  const connection = exchange.hijack("application/x") as Duplex;
  connection.write(`${JSON.stringify(body.value)};`);
  connection.on("data", (chunk) => connection.write(chunk));
  connection.on("end", () => connection.end("!"));
}

const head = (size: number): string =>
  `POST /exec HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: ${size}\r\n\r\n`;

test.each([
  ["in one piece", [`${head(7)}{"a":1}abc`, "def"]],
  ["with the body behind the head", [head(7), '{"a":1}', "abcdef"]],
  ["with the body in pieces", [`${head(7)}{"a`, '":1}ab', "cdef"]],
  ["without a body", [head(0), "abcdef"]],
])("an upgraded connection begins behind the body of its request, which comes %s", async (_, pieces) => {
  await serve(echo);
  const client = new Client();
  for (const piece of pieces) {
    client.socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await client.saying("abcdef");
  client.socket.end();
  await client.ended;
  const value = pieces[0]?.includes(": 0\r\n") ? "{}" : '{"a":1}';
  expect(client.received).toMatch(/^HTTP\/1\.1 101 UPGRADED\r\nApi-Version: 1\.49\r\n/);
  expect(client.received.split("\r\n\r\n")[1]).toBe(`${value};abcdef!`);
});

test("what is refused on a request for an upgrade is an ordinary reply", async () => {
  await serve(async (exchange) => exchange.fail(refusal(404, "no such thing")));
  const client = new Client();
  client.socket.write(head(0));
  await client.ended;
  expect(client.received).toMatch(/^HTTP\/1\.1 404 Not Found\r\n[\s\S]*\r\n\r\n\{"message":"no such thing"\}\n$/);
});

test("a request for an upgrade before the reply to an earlier one ends its own connection alone", async () => {
  const replies = Promise.withResolvers<void>();
  await serve(async (exchange) => {
    if (exchange.path === "/later") await replies.promise;
    exchange.text(200, "served");
  });
  const client = new Client();
  client.socket.write(`GET /later HTTP/1.1\r\nHost: d\r\n\r\n${head(0)}`);
  await client.ended;
  expect(client.received).toBe("");
  replies.resolve();
  const next = new Client();
  next.socket.write("GET /next HTTP/1.1\r\nHost: d\r\n\r\n");
  await next.saying("served");
});

test.each([
  ["was refused", async (exchange: Exchange) => exchange.fail(refusal(404, "no such thing"))],
  [
    "nobody reads any more",
    async (exchange: Exchange) => {
      const connection = exchange.hijack("application/x") as Duplex;
      const session = new ClientSession(connection, {
        ...{ tty: true, stdin: true, stdout: true, stderr: true, detachKeys: undefined, left: exchange.left },
      });
      connection.pipe(new PassThrough({ highWaterMark: 1 }));
      session.end();
    },
  ],
])("a connection whose input %s is closed all the same", async (_, carryOut) => {
  await serve(carryOut);
  const client = new Client();
  client.socket.end(`${head(0)}${"x".repeat(1 << 20)}`);
  await client.ended;
  const open = () => new Promise((resolve) => engine.server.getConnections((_error, count) => resolve(count)));
  while ((await open()) !== 0) await new Promise((resolve) => setImmediate(resolve));
});

test("output to a client that has gone fails where it is written, and nowhere else", async () => {
  const failed: unknown[] = [];
  await serve(async (exchange) => {
    const options = { tty: false, stdin: false, stdout: true, stderr: true, detachKeys: undefined };
    const session = new ClientSession(exchange.hijack("application/x"), { ...options, left: exchange.left });
    while (!exchange.left.aborted) {
      await session.write("stdout", "a").catch((error: unknown) => failed.push(error));
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
  const client = new Client();
  client.socket.write(head(0));
  await client.saying("a");
  client.socket.destroy();
  while (failed.length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(failed).toEqual([expect.objectContaining({ code: "EPIPE" })]);
});

test("a body that is no JSON, of another type or too long is refused", async () => {
  await serve(async (exchange) => {
    await exchange.body().then(
      (body) => exchange.json(200, body.value),
      (error) => exchange.fail(error),
    );
  });
  const sent = async (type: string, body: string): Promise<string> => {
    const client = new Client();
    client.socket.write(
      `POST / HTTP/1.1\r\nHost: d\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    await client.ended;
    return client.received;
  };
  expect(await sent("application/json", '{"a":1}')).toContain('{"a":1}');
  expect(await sent("application/json", "{")).toContain("400 Bad Request");
  expect(await sent("text/plain", "{}")).toContain("must be 'application/json'");
  expect(await sent("application/json", `"${"x".repeat(5 << 20)}"`)).toContain("413 Payload Too Large");
});

test("a long body whose bytes stop coming is refused", async () => {
  const input = new PassThrough();
  const taken: string[] = [];
  input.write("begun");
  const reading = (async () => {
    for await (const chunk of moving(input, 50)) taken.push(String(chunk));
  })();
  await expect(reading).rejects.toThrow("no byte of the request's body has come");
  expect([taken, input.destroyed]).toEqual([["begun"], false]);
});

test("who waits for a reply is let go at the end of the server, and one who has gone is noticed", async () => {
  const left: string[] = [];
  await serve(async (exchange) => {
    const output = exchange.stream("text/plain");
    output.write("waiting");
    await new Promise<void>((resolve) => exchange.left.addEventListener("abort", () => resolve(), { once: true }));
    left.push(exchange.path);
    output.destroy();
  });
  const [gone, waiting] = [new Client(), new Client()];
  gone.socket.write("GET /gone HTTP/1.1\r\nHost: d\r\n\r\n");
  waiting.socket.write("GET /waiting HTTP/1.1\r\nHost: d\r\n\r\n");
  await Promise.all([gone.saying("waiting"), waiting.saying("waiting")]);
  gone.socket.destroy();
  while (left.length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(engine.isBusy()).toBe(true);
  await engine.end();
  expect(left).toEqual(["/gone", "/waiting"]);
  expect(engine.isBusy()).toBe(false);
});

test("a connection without the whole head of a request is ended in time, and keeps nothing busy", async () => {
  await servePassed(2_000, async (exchange) => exchange.text(200, exchange.path));
  const [silent, half, second] = [new Client(), new Client(), new Client()];
  half.socket.write("GET / HTTP/1.1\r\nHost: ");
  second.socket.write("GET /first HTTP/1.1\r\nHost: d\r\n\r\n");
  await second.saying("/first");
  second.socket.write("GET /sec");
  await Promise.all([silent.ended, half.ended, second.ended]);
  expect([silent.received, half.received]).toEqual(["", ""]);
  while (engine.isBusy()) await new Promise((resolve) => setImmediate(resolve));
});

test("the end of the server ends at once what has no request, or has had its reply, and lets other replies end", async () => {
  const [asked, replies] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await servePassed(1_000_000, async (exchange) => {
    if (exchange.path === "/later") {
      asked.resolve();
      await replies.promise;
    }
    exchange.text(200, exchange.path);
  });
  const [silent, replied, later] = [new Client(), new Client(), new Client()];
  replied.socket.write("GET /first HTTP/1.1\r\nHost: d\r\n\r\n");
  later.socket.write("GET /later HTTP/1.1\r\nHost: d\r\n\r\n");
  await Promise.all([replied.saying("/first"), asked.promise]);
  accepting?.close();
  const end = engine.end();
  await Promise.all([silent.ended, replied.ended]);
  replies.resolve();
  await later.ended;
  expect(later.received).toContain("/later");
  await end;
});
