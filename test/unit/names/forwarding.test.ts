import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { describe, expect, test } from "@jest/globals";
import { type Answer, decode, encode, TRUNCATED_RESPONSE } from "dns-packet";
import { type Asked, queryOf } from "../../support/names/queries.js";
import { askByTcp, askByUdp, framed, openUpstream, serve, type Upstream } from "../../support/names/served.js";
import { viewsOf, type Zone } from "../../support/names/views.js";

const NAME = "www.example.com";
const ask: Asked = { name: NAME, id: 99 };
const record = (data: string, ttl = 60): Answer => ({ name: NAME, type: "A", ttl, data });
const soa = (minimum: number): Answer => ({
  name: "example.com",
  type: "SOA",
  ttl: 3600,
  data: { mname: "ns.example.com", rname: "root.example.com", serial: 1, refresh: 1, retry: 1, expire: 1, minimum },
});

interface Content {
  readonly code?: number;
  readonly flags?: number;
  readonly answers?: readonly Answer[];
  readonly authorities?: readonly Answer[];
  readonly name?: string;
}

/** What a server replies with to `message`. */
function replyTo(message: Buffer, { code = 0, flags = 0, answers = [], authorities = [], name }: Content): Buffer {
  const { id, questions } = decode(message);
  const asked = name === undefined ? questions : [{ name, type: "A" }];
  return encode({ type: "response", id, flags: flags | 0x180 | code, questions: asked, answers, authorities });
}

/** A server that replies to each question in the same way. */
function openReplying(content: Content | ((message: Buffer) => Content)): Promise<Upstream> {
  const reply = (message: Buffer) => replyTo(message, typeof content === "function" ? content(message) : content);
  return openUpstream({
    datagram: (message, { port, address }, socket) => socket.send(reply(message), port, address),
    stream: (message, socket) => void socket.write(framed(reply(message))),
  });
}

async function ofOne(zone: Zone, now?: () => number) {
  const served = await serve(viewsOf(new Map([["web", zone]])), now);
  const port = served.port("web");
  return {
    udp: async (asked: Asked = ask) => decode((await askByUdp(port, queryOf(asked))) as Buffer),
    tcp: async (asked: Asked = ask) => decode((await askByTcp(port, [framed(queryOf(asked))], 1))[0] as Buffer),
    port,
    [Symbol.asyncDispose]: () => served[Symbol.asyncDispose](),
  };
}

const dataOf = (reply: { readonly answers: readonly Answer[] }) => reply.answers.map(({ data }) => data);

describe("a question", () => {
  test("goes by the transport by which it came, with an id and a port of its own, and comes back as the client asked it", async () => {
    await using upstream = await openReplying({ answers: [record("192.0.2.1", 0)] });
    await using names = await ofOne({ upstream: [upstream.server] });
    const replies = [await names.udp({ ...ask, name: "wWw.eXample.com" }), await names.udp(), await names.tcp()];
    expect(replies.map((reply) => [reply.id, dataOf(reply), reply.questions[0]?.name])).toEqual([
      [99, ["192.0.2.1"], "wWw.eXample.com"],
      [99, ["192.0.2.1"], NAME],
      [99, ["192.0.2.1"], NAME],
    ]);
    expect([upstream.asked.datagrams.length, upstream.asked.streams.length]).toEqual([2, 1]);
    for (let more = 0; more < 6; more += 1) await names.udp();
    const ports = new Set(upstream.asked.datagrams.map(({ from }) => from.port));
    const ids = new Set(upstream.asked.datagrams.map(({ message }) => message.readUInt16BE(0)));
    expect(ports.size).toBeGreaterThan(4);
    expect(ids.size).toBeGreaterThan(4);
  });

  test("keeps flags and DO, and loses options of EDNS, which are for tsd", async () => {
    await using upstream = await openReplying({ answers: [record("192.0.2.1", 0)] });
    await using names = await ofOne({ upstream: [upstream.server] });
    await names.udp({ ...ask, size: 4096, dnssecOk: true, flags: 0x130 });
    const [asked] = upstream.asked.datagrams.map(({ message }) => decode(message));
    expect(asked).toMatchObject({ flag_rd: true, flag_ad: true, flag_cd: true, questions: [{ name: NAME }] });
    expect(asked?.additionals).toMatchObject([{ type: "OPT", udpPayloadSize: 1232, flag_do: true, options: [] }]);
  });

  test("goes to servers of IPv6 too", async () => {
    await using upstream = await openUpstream(
      {
        datagram: (message, { port, address }, socket) =>
          socket.send(replyTo(message, { answers: [record("192.0.2.6")] }), port, address),
      },
      "::1",
    );
    await using names = await ofOne({ upstream: [upstream.server] });
    expect(dataOf(await names.udp())).toEqual(["192.0.2.6"]);
  });

  test("that many ask at once is asked once", async () => {
    const waiting: (() => void)[] = [];
    await using upstream = await openUpstream({
      datagram: (message, { port, address }, socket) => {
        waiting.push(() => socket.send(replyTo(message, { answers: [record("192.0.2.1")] }), port, address));
        setTimeout(() => {
          for (const send of waiting) send();
        }, 100);
      },
    });
    await using names = await ofOne({ upstream: [upstream.server] });
    const replies = await Promise.all(Array.from({ length: 20 }, (_, id) => names.udp({ ...ask, id })));
    expect(replies.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, id) => id));
    expect(upstream.asked.datagrams.length).toBe(1);
  });
});

describe("a reply", () => {
  test("that is truncated passes as such, and TCP has it whole", async () => {
    const many = Array.from({ length: 200 }, (_, index) => record(`192.0.2.${index}`));
    await using upstream = await openUpstream({
      datagram: (message, { port, address }, socket) =>
        socket.send(replyTo(message, { flags: TRUNCATED_RESPONSE }), port, address),
      stream: (message, socket) => void socket.write(framed(replyTo(message, { answers: many }))),
    });
    await using names = await ofOne({ upstream: [upstream.server] });
    expect(await names.udp()).toMatchObject({ flag_tc: true, answers: [] });
    const whole = await names.tcp();
    expect([whole.flag_tc, dataOf(whole)]).toEqual([false, dataOf({ answers: many })]);
    const short = await names.udp({ ...ask, flags: 0x100 });
    expect(short.flag_tc).toBe(true);
    expect(short.answers.length).toBeGreaterThan(5);
    expect(dataOf(whole)).toEqual(expect.arrayContaining([...dataOf(short)]));
  });

  test("that comes in pieces over TCP is put together", async () => {
    await using upstream = await openUpstream({
      stream: (message, socket) => {
        const octets = framed(replyTo(message, { answers: [record("192.0.2.1")] }));
        socket.write(octets.subarray(0, 1));
        setTimeout(() => socket.write(octets.subarray(1, 9)), 10);
        setTimeout(() => socket.write(octets.subarray(9)), 20);
      },
    });
    await using names = await ofOne({ upstream: [upstream.server] });
    expect(dataOf(await names.tcp())).toEqual(["192.0.2.1"]);
  });

  test("with a wrong id, question, source or form does not count, and the real one does", async () => {
    const other = createSocket("udp4");
    const lie = async (message: Buffer, { port, address }: RemoteInfo, socket: Socket) => {
      const lies = { answers: [record("203.0.113.66")] };
      const wrongId = replyTo(message, lies);
      wrongId.writeUInt16BE(message.readUInt16BE(0) ^ 1, 0);
      for (const forged of [
        wrongId,
        replyTo(message, { ...lies, name: "www.example.org" }),
        replyTo(message, lies).subarray(0, -3),
        replyTo(message, lies).subarray(0, 11),
        message,
      ])
        socket.send(forged, port, address);
      await new Promise((sent) => other.send(replyTo(message, lies), port, address, sent));
      setTimeout(() => socket.send(replyTo(message, { answers: [record("192.0.2.1")] }), port, address), 50);
    };
    await using upstream = await openUpstream({ datagram: (...asked) => void lie(...asked) });
    await using names = await ofOne({ upstream: [upstream.server] });
    expect(dataOf(await names.udp())).toEqual(["192.0.2.1"]);
    other.close();
  });
});

describe("servers of a list", () => {
  const dead = async () => await openUpstream({ datagram: () => undefined, stream: () => undefined });

  test.each(["udp", "tcp"] as const)("one that is silent delays the next, once (%s)", async (transport) => {
    await using silent = await dead();
    await using good = await openReplying({ answers: [record("192.0.2.1", 0)] });
    await using names = await ofOne({ upstream: [silent.server, good.server] });
    expect(dataOf(await names[transport]())).toEqual(["192.0.2.1"]);
    const { datagrams, streams } = silent.asked;
    const before = datagrams.length + streams.length;
    expect(dataOf(await names[transport]())).toEqual(["192.0.2.1"]);
    expect([before, datagrams.length + streams.length]).toEqual([1, 1]);
  });

  test("one that is closed, that has nothing to say or cannot be read as an address is passed over", async () => {
    const closed = await dead();
    await closed[Symbol.asyncDispose]();
    await using refusing = await openReplying({ code: 5 });
    await using failing = await openReplying({ code: 2 });
    await using good = await openReplying({ answers: [record("192.0.2.1", 0)] });
    const upstream = [
      "",
      "no address",
      "127.0.0.1#",
      "127.0.0.1#70000",
      "fe80::1%none",
      closed.server,
      refusing.server,
      failing.server,
      good.server,
    ];
    await using names = await ofOne({ upstream });
    expect([dataOf(await names.udp()), dataOf(await names.tcp())]).toEqual([["192.0.2.1"], ["192.0.2.1"]]);
  });

  test("without one that knows, the client gets what the first said, or SERVFAIL", async () => {
    await using refusing = await openReplying({ code: 5 });
    await using silent = await dead();
    await using names = await ofOne({ upstream: [refusing.server] });
    await using nothing = await ofOne({ upstream: [silent.server] });
    await using nonsense = await ofOne({ upstream: ["no address"] });
    const replies = await Promise.all([names.udp(), nothing.udp(), nothing.tcp(), nonsense.udp()]);
    expect(replies.map(({ rcode }) => rcode)).toEqual(["REFUSED", "SERVFAIL", "SERVFAIL", "SERVFAIL"]);
  });

  test("a lost datagram is sent again", async () => {
    let lost = 0;
    await using upstream = await openUpstream({
      datagram: (message, { port, address }, socket) => {
        lost += 1;
        if (lost > 1) socket.send(replyTo(message, { answers: [record("192.0.2.1")] }), port, address);
      },
    });
    await using names = await ofOne({ upstream: [upstream.server] });
    expect(dataOf(await names.udp())).toEqual(["192.0.2.1"]);
  });

  test("an empty list gets NXDOMAIN at once, which every client takes for final", async () => {
    await using names = await ofOne({});
    expect((await names.udp()).rcode).toBe("NXDOMAIN");
    expect((await names.tcp()).rcode).toBe("NXDOMAIN");
  });
});

describe("what is kept", () => {
  test("is kept for its TTL, which counts down, by any transport and case, and is not the authority's", async () => {
    let now = 5_000;
    await using upstream = await openReplying({
      answers: [record("192.0.2.1", 60), record("192.0.2.2", 30)],
      flags: 0x400,
    });
    await using names = await ofOne({ upstream: [upstream.server] }, () => now);
    const seen = [];
    for (const [later, transport] of [
      [0, "udp"],
      [10_900, "tcp"],
      [18_000, "udp"],
      [1_100, "udp"],
    ] as const) {
      now += later;
      const { answers, flag_aa } = await names[transport]({ ...ask, name: later ? NAME.toUpperCase() : NAME });
      seen.push([
        answers.map(({ ttl }) => ttl),
        flag_aa,
        upstream.asked.datagrams.length + upstream.asked.streams.length,
      ]);
    }
    expect(seen).toEqual([
      [[60, 30], true, 1],
      [[50, 20], false, 1],
      [[32, 2], false, 1],
      [[60, 30], true, 2],
    ]);
  });

  test.each<[what: string, times: number, content: Content]>([
    ["a name that is not there, as SOA says", 1, { code: 3, authorities: [soa(30)] }],
    ["a type that is not there, as SOA says", 1, { authorities: [soa(30)] }],
    ["NXDOMAIN without SOA", 2, { code: 3 }],
    ["SOA that says 0", 2, { code: 3, authorities: [soa(0)] }],
    ["a TTL of 0", 2, { answers: [record("192.0.2.1", 0)] }],
    ["an impossible TTL", 2, { answers: [record("192.0.2.1", 0x8000_0000)] }],
    ["a failure", 2, { code: 2 }],
    ["TC", 2, { flags: TRUNCATED_RESPONSE, answers: [record("192.0.2.1")] }],
  ])("%s: asked twice, the server is asked %s times", async (_what, times, content) => {
    await using upstream = await openReplying(content);
    await using names = await ofOne({ upstream: [upstream.server] });
    expect((await names.udp()).rcode).toBe((await names.udp()).rcode);
    expect(upstream.asked.datagrams.length).toBe(times);
  });

  test("is for those who ask the same servers with the same flags", async () => {
    await using one = await openReplying({ answers: [record("192.0.2.1")] });
    await using two = await openReplying({ answers: [record("192.0.2.2")] });
    const zones = new Map([
      ["a", { upstream: [one.server] }],
      ["b", { upstream: [two.server] }],
    ]);
    await using served = await serve(viewsOf(zones));
    const reply = async (netns: string, asked = ask) =>
      dataOf(decode((await askByUdp(served.port(netns), queryOf(asked))) as Buffer));
    expect([await reply("a"), await reply("b"), await reply("a")]).toEqual([
      ["192.0.2.1"],
      ["192.0.2.2"],
      ["192.0.2.1"],
    ]);
    await reply("a", { ...ask, size: 1232 });
    await reply("a", { ...ask, size: 1232, dnssecOk: true });
    await reply("a", { ...ask, flags: 0x110 });
    await reply("a", { ...ask, type: "AAAA" });
    expect([one.asked.datagrams.length, two.asked.datagrams.length]).toEqual([5, 1]);
  });
});
