import { createSocket } from "node:dgram";
import { once } from "node:events";
import { closeSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { describe, expect, test } from "@jest/globals";
import { decode } from "dns-packet";
import { openSockets } from "../../../src/kernel/redirect/bound-sockets.js";
import { LoadBounds } from "../../../src/names/serving/load-bounds.js";
import { serveUdp } from "../../../src/names/serving/serve-udp.js";
import { Turns } from "../../../src/names/serving/turns.js";
import { queryOf } from "../../support/names/queries.js";
import { askByTcp, askByUdp, framed, openHeld, serve } from "../../support/names/served.js";
import { viewOf, viewsOf, type Zone } from "../../support/names/views.js";

const crowd = Array.from({ length: 250 }, (_, index) => `10.9.0.${index + 1}`);
const zone: Zone = { names: { web: ["10.0.0.2"], crowd } };
const web = queryOf({ name: "web" });

const open = async (zones: Readonly<Record<string, Zone>>) => await serve(viewsOf(new Map(Object.entries(zones))));

async function connected(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

describe("a connection", () => {
  test.each(["at once", "octet by octet"])(
    "may have many questions, %s, and replies come as they are ready",
    async (way) => {
      await using upstream = await openHeld();
      await using served = await open({ a: { ...zone, upstream: [upstream.server] } });
      const questions = [
        queryOf({ name: "example.com", id: 1 }),
        queryOf({ name: "web", id: 2 }),
        Buffer.alloc(3),
        queryOf({ name: "crowd", id: 3 }),
      ];
      const octets = Buffer.concat(questions.map(framed));
      const pieces = way === "at once" ? [octets] : Array.from(octets, (octet) => Buffer.from([octet]));
      const heard = (count: number) => (count === 2 ? upstream.release() : undefined);
      const replies = (await askByTcp(served.port("a"), pieces, 3, heard)).map((message) => decode(message));
      expect(replies.map(({ id, rcode }) => [id, rcode])).toEqual([
        [2, "NOERROR"],
        [3, "NOERROR"],
        [1, "REFUSED"],
      ]);
      expect(replies[1]?.answers.length).toBe(crowd.length);
    },
  );

  test("whose client has said all gets its replies, and ends", async () => {
    await using upstream = await openHeld();
    await using served = await open({ a: { ...zone, upstream: [upstream.server] } });
    const socket = await connected(served.port("a"));
    const received: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => received.push(chunk));
    socket.end(Buffer.concat([framed(queryOf({ name: "example.com" })), framed(web)]));
    setTimeout(upstream.release, 100);
    await once(socket, "end");
    const all = Buffer.concat(received);
    const first = all.readUInt16BE(0);
    expect(decode(all.subarray(2, 2 + first)).rcode).toBe("NOERROR");
    expect(decode(all.subarray(4 + first)).rcode).toBe("REFUSED");
    socket.destroy();
  });

  test("whose client does not read is not read, and others are", async () => {
    await using served = await open({ a: zone });
    const socket = await connected(served.port("a"));
    socket.pause();
    const many = Buffer.concat(Array.from({ length: 20_000 }, () => framed(queryOf({ name: "crowd" }))));
    let written = false;
    for (let more = 0; more < 20; more += 1) socket.write(many, () => (written = more === 19));
    for (let turn = 0; turn < 50; turn += 1) await askByTcp(served.port("a"), [framed(web)], 1);
    expect(written).toBe(false);
    socket.destroy();
  });

  test.each([
    ["a question that is too long", Buffer.concat([Buffer.from([0x10, 0x01]), Buffer.alloc(10)])],
    ["a question and one that is too long", Buffer.concat([framed(Buffer.alloc(1)), Buffer.from([0xff, 0xff, 0, 0])])],
  ])("with %s is closed", async (_name, octets) => {
    await using served = await open({ a: zone });
    expect(await askByTcp(served.port("a"), [octets], 1)).toEqual([]);
  });

  test("above the bound of its namespace waits until another ends, and those of others do not", async () => {
    await using served = await open({ a: zone, b: zone });
    const sockets: Socket[] = [];
    for (let more = 0; more < 32; more += 1) sockets.push(await connected(served.port("a")));
    let replied = 0;
    const late = askByTcp(served.port("a"), [framed(web)], 1).then((replies) => (replied = replies.length));
    for (let turn = 0; turn < 20; turn += 1)
      expect((await askByTcp(served.port("b"), [framed(web)], 1)).length).toBe(1);
    const [first] = sockets as [Socket];
    first.write(framed(web));
    await once(first, "data");
    expect(replied).toBe(0);
    first.destroy();
    expect(await late).toBe(1);
    for (const socket of sockets) socket.destroy();
  });
});

describe("a flood", () => {
  test("of one namespace reaches other servers as far as its bound, and costs another none of its own", async () => {
    await using upstream = await openHeld();
    await using served = await open({
      flood: { ...zone, upstream: [upstream.server] },
      calm: { ...zone, upstream: [upstream.server] },
    });
    const port = served.port("flood");
    const { promise: end, resolve: endAll } = Promise.withResolvers<undefined>();
    const flood = Array.from({ length: 120 }, (_, id) =>
      askByUdp(port, queryOf({ name: `n${id}.example.com`, id }), end),
    );
    const own = await askByUdp(port, web);
    const calmReply = askByUdp(served.port("calm"), queryOf({ name: "calm.example.com" }));
    const asked = () => new Set(upstream.asked.datagrams.map(({ message }) => decode(message).questions[0]?.name));
    while (!asked().has("calm.example.com")) await askByUdp(port, web);
    upstream.release();
    const calm = await calmReply;
    expect([own, calm].map((reply) => decode(reply as Buffer).rcode)).toEqual(["NOERROR", "REFUSED"]);
    let heard = 0;
    for (const each of flood) void each.then(() => (heard += 1));
    while (heard < 64) await askByUdp(port, web);
    for (let more = 0; more < 5; more += 1) await askByUdp(port, web);
    endAll(undefined);
    expect((await Promise.all(flood)).filter((reply) => reply !== undefined).length).toBe(64);
    expect(asked().size).toBe(65);
  });

  test("by TCP is refused above the bound", async () => {
    await using upstream = await openHeld();
    await using served = await open({ a: { upstream: [upstream.server] } });
    const questions = (from: number) =>
      Array.from({ length: 16 }, (_, id) => framed(queryOf({ name: `n${from + id}.example.com`, id })));
    let refused = 0;
    const clients = [0, 100, 200, 300, 400].map((from) =>
      askByTcp(served.port("a"), [Buffer.concat(questions(from))], 16, () => (refused += 1)),
    );
    while (upstream.asked.streams.length < 64 || refused < 16) await askByUdp(served.port("a"), web);
    upstream.release();
    expect((await Promise.all(clients)).map((replies) => replies.length)).toEqual([16, 16, 16, 16, 16]);
    expect(upstream.asked.streams.length).toBe(64);
  });

  test("has its turn as others have theirs, and sockets are looked at between", async () => {
    const turns = new Turns();
    const done: string[] = [];
    for (let more = 0; more < 100; more += 1) turns.add("flood", () => done.push("flood"));
    turns.add("calm", () => done.push("calm"));
    while (done.length < 101) {
      await new Promise((next) => setImmediate(next));
      done.push("look");
    }
    expect(done.indexOf("calm")).toBe(32);
    expect(done.indexOf("look")).toBeLessThan(40);
  });

  test("of datagrams above what may wait is not read, and nothing of it that the kernel holds is lost", async () => {
    const { udp, tcp, ports } = openSockets(Uint8Array.of(127, 0, 0, 1));
    closeSync(tcp);
    const jobs: (() => void)[] = [];
    const close = serveUdp(
      udp,
      (message) => message,
      (job) => jobs.push(job),
    );
    const client = createSocket("udp4");
    let replies = 0;
    client.on("message", () => (replies += 1));
    // By parts that the kernel has room for.
    for (const sent of [140, 280]) {
      for (let more = 0; more < 140; more += 1) client.send(framed(web), ports.udp, "127.0.0.1");
      while (jobs.length < Math.min(sent, 256)) await new Promise((next) => setImmediate(next));
    }
    for (let turn = 0; turn < 20; turn += 1) await new Promise((next) => setImmediate(next));
    expect(jobs.length).toBe(256);
    while (replies < 280) {
      for (const job of jobs.splice(0, 32)) job();
      await new Promise((next) => setImmediate(next));
    }
    client.close();
    await close();
  });

  test("of many leaves each namespace what it always may have", () => {
    const bounds = new LoadBounds();
    const enterAll = (netns: string) => {
      let entered = 0;
      while (bounds.enter(netns)) entered += 1;
      return entered;
    };
    expect(Array.from({ length: 8 }, (_, at) => enterAll(`n${at}`))).toEqual(Array(8).fill(64));
    expect(enterAll("late")).toBe(8);
    for (let left = 0; left < 64; left += 1) bounds.leave("n0");
    expect([enterAll("n0"), enterAll("late")]).toEqual([56, 0]);
  });
});

describe("an end", () => {
  test("of a namespace frees its ports at once, whatever is open, and no other's", async () => {
    await using upstream = await openHeld();
    await using served = await open({ a: { ...zone, upstream: [upstream.server] }, b: zone });
    const port = served.port("a");
    const socket = await connected(port);
    const closed = new Promise<void>((done) => socket.on("close", () => done()));
    socket.write(framed(queryOf({ name: "example.com" })));
    const unheard = askByUdp(port, queryOf({ name: "example.org" }), 1000);
    while (upstream.asked.datagrams.length + upstream.asked.streams.length < 2) await askByUdp(port, web);
    await served.names.close("a");
    upstream.release();
    await closed;
    await expect(connected(port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    expect(decode((await askByUdp(served.port("b"), web)) as Buffer).rcode).toBe("NOERROR");
    expect(await unheard).toBeUndefined();
    await served.names.close("a");
  });

  test("of a view is silence, and a view that cannot be read is SERVFAIL", async () => {
    const broken = () => {
      throw new Error("database is locked");
    };
    const views = { a: undefined, b: { ...viewOf(zone), meaning: broken } };
    await using served = await serve({
      namespaces: () => ["a", "b", "c"],
      of: (netns) => (netns === "c" ? broken() : views[netns as keyof typeof views]),
    });
    expect(await askByUdp(served.port("a"), web, 200)).toBeUndefined();
    for (const netns of ["b", "c"]) {
      expect(decode((await askByUdp(served.port(netns), web)) as Buffer).rcode).toBe("SERVFAIL");
    }
  });
});
