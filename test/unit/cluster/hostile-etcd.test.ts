import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { EtcdState } from "../../../src/cluster/etcd/etcd-state.js";
import { type Timing, usualTiming } from "../../../src/cluster/etcd/timing.js";
import { inHaste } from "../../../src/contracts/haste.js";
import type { ClusterState } from "../../../src/contracts/index.js";

/** For what is silent, goes on for ever or says that it passes. All else has the usual time, on a busy machine too. */
const short = { reply: 300, deadline: 600, pause: 20, keepAlive: 1000 };
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** Something that listens where etcd is looked for. */
async function server(reply: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const listening: Server = createServer(reply);
  await new Promise<void>((done) => listening.listen(0, "127.0.0.1", done));
  open.push({
    close: () => {
      listening.closeAllConnections();
      listening.close();
    },
  });
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

function stateAt(...endpoints: readonly string[]): EtcdState {
  return stateOf(usualTiming, ...endpoints);
}

function stateOf(allowed: Timing, ...endpoints: readonly string[]): EtcdState {
  const state = new EtcdState({ endpoints }, allowed);
  open.push({ close: () => state[Symbol.asyncDispose]() });
  return state;
}

const text =
  (body: string, status = 200) =>
  (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(status).end(body);
  };
const json = (body: object, status = 200) => text(`${JSON.stringify(body)}\n`, status);
const base64 = (word: string) => Buffer.from(word).toString("base64");
const header = { revision: "7" };
const endless = (_: IncomingMessage, response: ServerResponse) => {
  const chunk = "x".repeat(1 << 20);
  const more = (): void => {
    if (!response.destroyed && response.write(chunk)) setImmediate(more);
    else response.once("drain", more);
  };
  more();
};

/** Replies to each question for records by the key from which on they are asked for. */
const paged = async (reply: (key: unknown) => object): Promise<string> =>
  await server((request, response) => {
    request.on("data", (body) => {
      const { key } = JSON.parse(String(body));
      response.end(JSON.stringify({ header, ...reply(key) }));
    });
  });

const take = { require: [{ key: "/a", is: "absent" as const }], put: [{ key: "/a", value: "" }], remove: [] };
const read = (state: ClusterState) => state.read("/a/");
const commit = (state: ClusterState) => state.commit(take);
const watch = async (state: ClusterState) => {
  for await (const batch of state.watch(["/a/"], 5, new AbortController().signal)) return batch;
  return undefined;
};

const endlessOnes = new Set(["a reply without end", "silence", "half a reply"]);

describe("a place where no etcd is", () => {
  test.each([
    ["nothing listens", read, () => undefined, /nothing listens there/],
    ["a web site", read, text("<html>It works!</html>", 404), /HTTP 404 and no JSON: <html>It works!/],
    ["one that is always well", read, text("ok"), /its reply is not JSON/],
    ["empty objects", read, json({}), /its reply.header is not an object: missing/],
    ["a list", read, json([]), /its reply is not an object/],
    ["no base64", read, json({ header, kvs: [{ key: "!" }] }), /key is not base64: "!"/],
    ["a revision beyond all numbers", read, json({ header: { revision: "9".repeat(18) } }), /revision is not a number/],
    ["a negative revision", read, json({ header: { revision: "-1" } }), /revision is not a number/],
    ["a reply without end", read, endless, /sends more than 33554432 bytes|is not whole within/],
    ["silence", read, () => undefined, /does not reply within 0.3 seconds/],
    [
      "half a reply",
      commit,
      (_: IncomingMessage, response: ServerResponse) => void response.write("{"),
      /not whole within/,
    ],
    ["a closed door", commit, (request: IncomingMessage) => void request.socket.destroy(), /it closed the connection/],
    ["an error of its own", commit, json({ error: "odd" }, 500), /HTTP 500 without an error of etcd/],
    ["TLS", commit, text("Client sent an HTTP request to an HTTPS server.\n", 400), /it speaks TLS/],
    ["a watch that is no watch", watch, json({ result: { events: [{ kv: { key: 4 } }] } }), /key is not a string: 4/],
    ["a watch that ends", watch, json({ result: { created: true, header } }), /it ended the watch/],
    ["a watch of one line", watch, endless, /in one line/],
    [
      "a watch that is ended",
      watch,
      json({ result: { canceled: true, cancel_reason: "no\u001b[2J" } }),
      /ends the watch: no\\x1b/,
    ],
  ])("%s", async (name, verb, reply, expected) => {
    const url = name === "nothing listens" ? "http://127.0.0.1:9" : await server(reply);
    const failure = await verb(stateOf(endlessOnes.has(name) ? short : usualTiming, url)).catch((error) => error);
    expect(failure).toMatchObject({ kind: "runtime", code: "TSD_CLUSTER_UNREACHABLE" });
    expect(failure.message).toMatch(expected);
    expect(failure.message).toContain(url);
    expect(failure.message).not.toMatch(/\p{Cc}/u);
    expect(failure.message.length).toBeLessThan(400);
    expect(failure.hint).toMatch(/\w/);
  });

  test("an etcd that is too old", async () => {
    const url = await server((request, response) => {
      if (request.url === "/version") response.end(JSON.stringify({ etcdserver: "3.3.25", etcdcluster: "3.3.0" }));
      else response.writeHead(404).end("404 page not found\n");
    });
    await expect(read(stateAt(url))).rejects.toMatchObject({
      message: expect.stringContaining(`${url}: it is etcd 3.3.25, and tsd needs 3.4 or newer`),
      hint: "Upgrade etcd.",
    });
  });

  test("does not keep tsd from a member that is well", async () => {
    const reply = {
      header,
      kvs: [{ key: base64("/a/ä"), value: base64("ö"), create_revision: "3", mod_revision: "7" }],
    };
    let asked = 0;
    const well = await server((request, response) => {
      asked++;
      json(reply)(request, response);
    });
    const state = stateAt("http://127.0.0.1:9", await server(text("junk")), well);
    const expected = { revision: 7, records: [{ key: "/a/ä", value: "ö", created: 3, modified: 7 }], total: 1 };
    expect(await read(state)).toEqual(expected);
    expect(await read(state)).toEqual(expected);
    expect(asked).toBe(2);
  });

  test("has little time in haste, in which one that keeps silent hides no other, and is not asked again then", async () => {
    let asked = 0;
    const mute = await server(() => void asked++);
    const state = stateOf(usualTiming, mute, mute.replace("127.0.0.1", "localhost"));
    const failures = await inHaste(async () => {
      const first = await read(state).catch((error) => error);
      return [first, await commit(state).catch((error) => error)];
    });
    expect(failures[0]).toMatchObject({
      code: "TSD_CLUSTER_UNREACHABLE",
      message: expect.stringMatching(/127.*not reply within 2.5 seconds.*localhost.*not reply within 2.5 seconds/),
    });
    expect(failures[1]).toBe(failures[0]);
    expect(asked).toBe(2);
  });

  test("records end, with keys that are no text among them, and are not more than this host keeps in memory", async () => {
    const keys = ["/a/1", "/a/\xff", "/a/\xff\xfe", "/b"].map((key) => Buffer.from(key, "latin1").toString("base64"));
    const kv = (at: number) => ({ key: keys[at], value: base64("v"), create_revision: "3", mod_revision: "7" });
    const asked: unknown[] = [];
    const url = await paged((key) => {
      asked.push(key);
      return { kvs: [kv(asked.length - 1)], more: asked.length < 3 };
    });
    expect((await read(stateAt(url))).records).toEqual([{ key: "/a/1", value: "v", created: 3, modified: 7 }]);
    expect(asked).toEqual(["/a/", "/a/1\0", "/a/\xff\0"].map((key) => Buffer.from(key, "latin1").toString("base64")));
    const stuck = await paged(() => ({ kvs: [kv(1)], more: true }));
    await expect(read(stateAt(stuck))).rejects.toThrow(/it sends the same records again and again/);
    let sent = 0;
    const large = await paged(() => ({
      kvs: [{ key: base64(`/a/${1000 + sent++}`), value: base64("v") }],
      more: true,
    }));
    const state = new EtcdState({ endpoints: [large] }, usualTiming, 100);
    open.push({ close: () => state[Symbol.asyncDispose]() });
    await expect(read(state)).rejects.toMatchObject({
      code: "TSD_CLUSTER_TOO_LARGE",
      message: `etcd at ${large} has more than 100 characters of records below /a/`,
    });
  });

  test("an election is waited for, in rounds over all members", async () => {
    let rounds = 0;
    const electing = await server((request, response) => {
      if (++rounds < 4)
        json({ error: "etcdserver: no leader", code: 14, message: "etcdserver: no leader" }, 503)(request, response);
      else json({ header, succeeded: true })(request, response);
    });
    expect(await commit(stateOf({ ...usualTiming, pause: 20 }, "http://127.0.0.1:9", electing))).toEqual({
      committed: true,
      revision: 7,
      found: [],
    });
    rounds = -1000;
    await expect(commit(stateOf(short, electing))).rejects.toThrow(/it replies "etcdserver: no leader"/);
  });

  test("what etcd refuses is its own words", async () => {
    const url = await server(json({ error: "x", code: 8, message: "etcdserver: mvcc: database space exceeded" }, 429));
    await expect(commit(stateAt(url))).rejects.toMatchObject({
      code: "TSD_CLUSTER_REFUSED",
      message: `etcd at ${url} refuses a request: etcdserver: mvcc: database space exceeded`,
    });
  });

  test("fragments of one revision are shown as they come", async () => {
    const event = (key: string, revision: string, more = {}) => ({
      kv: { key: base64(key), mod_revision: revision },
      ...more,
    });
    const line = (events: readonly object[], more = {}) => `${JSON.stringify({ result: { events, ...more } })}\n`;
    const url = await server((_, response) => {
      response.write(line([event("/a/1", "6"), event("/a/2", "7")], { fragment: true }).slice(0, 30));
      const rest = line([event("/a/1", "6"), event("/a/2", "7")], { fragment: true }).slice(30);
      setTimeout(() => response.write(`${rest}${line([event("/a/3", "7", { type: "DELETE" })])}`), 20);
    });
    const seen: unknown[] = [];
    const stop = new AbortController();
    for await (const batch of stateAt(url).watch(["/a/"], 5, stop.signal)) if (seen.push(batch) === 3) stop.abort();
    expect(seen).toEqual([
      { revision: 6, changes: [{ key: "/a/1", value: "" }] },
      { revision: 7, changes: [{ key: "/a/2", value: "" }] },
      { revision: 7, changes: [{ key: "/a/3" }] },
    ]);
  });
});
