import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { routes } from "../../src/engine-api/routes/table.js";
import { eventually } from "../support/eventually.js";
import { useEngineLab } from "./engine-lab.js";
import { sender } from "./engine-requests.js";

const { service } = useEngineLab();
const send = sender(() => service().socket);

/** The long form is script/soak's. */
const isLong = process.env.TSD_SOAK_SECONDS !== undefined;
const [clients, containers, events, requests] = isLong ? [16, 200, 10_000, 20_000] : [4, 12, 200, 250];
const patience = isLong ? 3_000_000 : 120_000;

/** Bytes of the service's memory that are its own. */
function memory(): number {
  const status = readFileSync(`/proc/${service().program.pid}/status`, "utf8");
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

function descriptors(): number {
  return Number(/^FDSize:\s+(\d+)$/m.exec(readFileSync(`/proc/${service().program.pid}/status`, "utf8"))?.[1]);
}

const ok = async (method: string, path: string, body?: object): Promise<string> => {
  const reply = await send(method, path, body === undefined ? undefined : JSON.stringify(body));
  if (reply.status >= 400) throw new Error(`${method} ${path}: ${reply.status} ${reply.body}`);
  return reply.body;
};

/** Sends bytes as they are, and leaves the connection to the caller. */
function raw(text: string | Buffer): Socket {
  const socket = connect({ path: service().socket });
  socket.on("error", () => undefined);
  socket.write(text);
  return socket;
}

const head = (method: string, path: string, lines = ""): string =>
  `${method} ${path} HTTP/1.1\r\nHost: d\r\n${lines}\r\n`;

test(
  `${containers} containers come and go by ${clients} clients at once`,
  async () => {
    const share = Math.ceil(containers / clients);
    const client = async (number: number): Promise<void> => {
      for (let count = 0; count < share; count += 1) {
        const name = `c${number}-${count}`;
        const Cmd = ["sh", "-c", "echo $0; exit 3", name];
        const HostConfig = { NetworkMode: count % 2 === 0 ? "bridge" : "none" };
        await ok("POST", `/containers/create?name=${name}`, { Image: "busybox", Cmd, HostConfig });
        const waited = ok("POST", `/containers/${name}/wait?condition=next-exit`);
        const said = ok("POST", `/containers/${name}/attach?stream=1&stdout=1`);
        await new Promise((resolve) => setImmediate(resolve));
        await ok("POST", `/containers/${name}/start`);
        expect(JSON.parse(await waited)).toEqual({ StatusCode: 3 });
        expect(await said.then((text) => text.includes(name) || text === "")).toBe(true);
        expect(await ok("GET", `/containers/${name}/logs?stdout=1`)).toContain(name);
        await ok("DELETE", `/containers/${name}?force=1`);
      }
    };
    await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
    expect(JSON.parse(await ok("GET", "/containers/json?all=1"))).toEqual([]);
  },
  patience,
);

test(
  "clients that vanish, that send bodies without end or heads without measure, cost no memory that stays",
  async () => {
    await ok("POST", "/containers/create?name=talk", {
      ...{ Image: "busybox", Cmd: ["sh", "-c", "while :; do echo $0; done", "x".repeat(900)] },
      HostConfig: { NetworkMode: "none", LogConfig: { Type: "json-file", Config: { "max-size": "1m" } } },
    });
    await ok("POST", "/containers/create?name=still", { Image: "busybox", Cmd: ["true"] });
    await ok("POST", "/containers/talk/start");
    const upgrade = "Connection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n";
    const json = "Content-Type: application/json\r\nContent-Length: 1000000\r\n";
    const chunked = "Content-Type: application/x-tar\r\nTransfer-Encoding: chunked\r\n";
    const sent: readonly (string | Buffer)[] = [
      head("GET", "/containers/talk/logs?follow=1&stdout=1"),
      head("POST", "/containers/talk/attach?stream=1&stdout=1&stdin=1", upgrade),
      head("GET", "/containers/talk/stats"),
      head("GET", "/containers/still/archive?path=/"),
      head("GET", "/containers/talk/export"),
      head("GET", "/events?since=1"),
      head("POST", "/containers/still/wait?condition=next-exit"),
      head("POST", "/containers/still/attach?stream=1&stdout=1", upgrade),
      `${head("POST", "/containers/create", json)}{"Image":"`,
      `${head("PUT", "/containers/talk/archive?path=/tmp", chunked)}5\r\nabcde\r\n`,
      `${head("POST", "/images/load", chunked)}5\r\nabcde\r\n`,
      `GET /${"x".repeat(900_000)}`,
      head("GET", "/_ping", `X: ${"y".repeat(1_000_000)}\r\n`),
      randomBytes(10_000),
    ];
    const round = async (): Promise<void> => {
      const sockets = sent.flatMap((text) => [raw(text), raw(text)]);
      await ok("GET", "/_ping");
      await new Promise((resolve) => setTimeout(resolve, 200));
      // Half of them end in order, and the others as after a crash.
      for (const [at, socket] of sockets.entries()) {
        if (at % 2 === 0) socket.end();
        socket.destroy();
      }
    };
    await round();
    await round();
    const [before, open] = [memory(), descriptors()];
    for (let count = 0; count < (isLong ? 200 : 6); count += 1) await round();
    await ok("DELETE", "/containers/talk?force=1");
    await ok("DELETE", "/containers/still");
    await eventually(async () => expect(memory() - before).toBeLessThan(100 << 20));
    expect(descriptors()).toBeLessThanOrEqual(Math.max(open, 256));
  },
  patience,
);

test(
  `${events} events come to a client that reads slowly, and none is lost`,
  async () => {
    const since = String(Math.floor(Date.now() / 1000) - 1);
    const slow = raw(
      head("GET", `/events?since=${since}&filters=${encodeURIComponent('{"type":["image"],"event":["tag","untag"]}')}`),
    );
    slow.pause();
    const before = memory();
    for (let count = 0; count < events / 2; count += 1) {
      const name = `${"long".repeat(30)}/v${count}`;
      await ok("POST", `/images/busybox/tag?repo=${name}&tag=1`);
      await ok("DELETE", `/images/${name}:1`);
    }
    expect(memory() - before).toBeLessThan(100 << 20);
    let text = "";
    slow.setEncoding("latin1").on("data", (chunk) => {
      text += chunk;
    });
    slow.resume();
    await eventually(async () => expect(text.match(/"Action":"(tag|untag)"/g)?.length).toBe(events));
    slow.destroy();
  },
  patience,
);

/** Requests that wait for what may never come, or end what the test needs. */
const endless = [
  "/events",
  "/containers/{id}/attach",
  "/containers/{id}/wait",
  "/containers/{id}/stats",
  "/images/create",
];

test(
  "no request has another reply than one that docker's clients can read",
  async () => {
    const odd = fc.constantFrom(
      "..",
      "%00",
      "%2e%2e%2f",
      "a b",
      "%",
      "%ff",
      "-1",
      "1e99",
      "null",
      "{}",
      "[]",
      "'",
      "\u00e9",
      "x".repeat(5000),
    );
    const word = fc.oneof(
      odd,
      fc.string({ maxLength: 20 }).map(encodeURIComponent),
      fc.constantFrom("nosuch", "busybox", "bridge"),
    );
    const keys = fc.constantFrom(
      ...[
        "path",
        "name",
        "filters",
        "since",
        "until",
        "tail",
        "t",
        "signal",
        "h",
        "w",
        "limit",
        "ps_args",
        "type",
        "tag",
        "repo",
        "names",
      ],
    );
    const query = fc.array(fc.tuple(keys, fc.oneof(word, fc.json().map(encodeURIComponent))), { maxLength: 4 });
    const route = fc.constantFrom(...routes.filter(({ path }) => !endless.includes(path) && !path.endsWith("prune")));
    const fields = fc.constantFrom(
      "Image",
      "Cmd",
      "Env",
      "HostConfig",
      "NetworkingConfig",
      "Name",
      "Labels",
      "IPAM",
      "Driver",
      "Container",
      "Binds",
      "Config",
    );
    const tree = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom<unknown>("busybox", "", 0, -1, null, true, "../x", "a\u0000b", 1e300),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fields, tie("value"), { maxKeys: 4 }),
      ),
    }));
    const body = fc.oneof(
      fc.constant(undefined),
      tree.value.map((value) => JSON.stringify(value)),
      fc.string({ maxLength: 30 }),
    );
    const versions = fc.constantFrom("", "/v1.24", "/v1.41", "/v1.49", "/v9", "/v1.x");
    const request = fc.tuple(versions, route, fc.array(word, { minLength: 2, maxLength: 2 }), query, body);
    await fc.assert(
      fc.asyncProperty(request, async ([version, { method, path: pattern }, words, pairs, given]) => {
        const at = words.values();
        const path = pattern.replace(/\{\w+\*?\}/g, () => at.next().value ?? "").replace(/[ \u00e9]/g, "_");
        const text = pairs.map(([key, value]) => `${key}=${value.replace(/[ \u00e9]/g, "_")}`).join("&");
        const reply = await send(
          method,
          `${version}${path}?${text}`,
          method === "POST" || method === "PUT" ? given : undefined,
        );
        const said = `${reply.status} ${reply.body.slice(0, 300)}`;
        expect(said).not.toMatch(/^500/);
        if (reply.status < 400 || method === "HEAD") return;
        expect(JSON.parse(reply.body)).toEqual({ message: expect.stringMatching(/^[^\n]+$/) });
      }),
      { numRuns: requests },
    );
  },
  patience,
);

test("a service that was treated so ends in order, and leaves nothing behind", async () => {
  for (const { Id } of JSON.parse(await ok("GET", "/containers/json?all=1")))
    await ok("DELETE", `/containers/${Id}?force=1`);
  for (const { Name } of JSON.parse(await ok("GET", "/volumes")).Volumes) await ok("DELETE", `/volumes/${Name}`);
  const networks = JSON.parse(await ok("GET", '/networks?filters={"type":["custom"]}'));
  for (const { Id } of networks) await ok("DELETE", `/networks/${Id}`);
  service().program.kill("SIGTERM");
  expect(await service().program.ended).toMatchObject({ code: 0 });
  await service().clean();
});
