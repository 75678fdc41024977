import { describe, expect, test } from "@jest/globals";
import { encode } from "dns-packet";
import { type ReceivedReply, receivedReply } from "../../../src/names/upstream/received-reply.js";
import { ReplyCache } from "../../../src/names/upstream/reply-cache.js";
import { serverAddress } from "../../../src/names/upstream/server-address.js";
import { ServerHealth } from "../../../src/names/upstream/server-health.js";

describe("the address of a server", () => {
  test.each([
    ["192.0.2.1", { host: "192.0.2.1", family: 4, port: 53 }],
    ["127.0.0.53#5353", { host: "127.0.0.53", family: 4, port: 5353 }],
    ["2001:db8::1", { host: "2001:db8::1", family: 6, port: 53 }],
    ["fe80::1%eth0", { host: "fe80::1%eth0", family: 6, port: 53 }],
    ["fe80::1%eth0#5353", { host: "fe80::1%eth0", family: 6, port: 5353 }],
    ...[
      "",
      "#53",
      "192.0.2.1#",
      "192.0.2.1#0",
      "192.0.2.1#x",
      "192.0.2.1#1.5",
      "192.0.2.1#53#53",
      "ns.example.com",
    ].map((text): [string, undefined] => [text, undefined]),
  ])("%s", (text, address) => expect(serverAddress(text)).toEqual(address));
});

describe("what is kept of replies", () => {
  const question = Buffer.from("\u0001a\0\0\u0001\0\u0001", "latin1");
  const replyOf = (texts: number): ReceivedReply => {
    const data = Array.from({ length: texts }, () => Buffer.alloc(255));
    const answers = [{ name: "a", type: "TXT", ttl: 1_000_000, data }];
    const message = encode({ type: "response", id: 1, questions: [{ name: "a", type: "A" }], answers });
    const received = receivedReply(message, 1, question);
    if (received === undefined) throw new Error("malformed");
    return received;
  };

  test("is bounded in entries, and what was not asked for the longest time goes first", () => {
    const cache = new ReplyCache(() => 0);
    const small = replyOf(1);
    for (let at = 0; at < 2000; at += 1) cache.put(`${at}`, small);
    expect(cache.get("0")?.age).toBe(0);
    for (let at = 2000; at < 3000; at += 1) cache.put(`${at}`, small);
    const there = Array.from({ length: 3000 }, (_, at) => cache.get(`${at}`) !== undefined);
    expect(there.filter(Boolean).length).toBe(2000);
    expect([there[0], there[1], there[2999]]).toEqual([true, false, true]);
  });

  test("is bounded in octets, and what is very large is not kept", () => {
    const cache = new ReplyCache(() => 0);
    const large = replyOf(60);
    for (let at = 0; at < 1000; at += 1) cache.put(`${at}`, large);
    const kept = Array.from({ length: 1000 }, (_, at) => cache.get(`${at}`)).filter((one) => one !== undefined).length;
    expect(kept).toBe(Math.floor(2_000_000 / large.message.length));
    cache.put("999", replyOf(70));
    expect(cache.get("999")).toBeUndefined();
  });

  test("ends after ten minutes, however long it would be true", () => {
    let now = 0;
    const cache = new ReplyCache(() => now);
    cache.put("a", replyOf(1));
    now = 599_999;
    expect(cache.get("a")?.age).toBe(599);
    now = 600_000;
    expect(cache.get("a")).toBeUndefined();
  });
});

test("a silent server comes last for a while, unless it replied to another question since", () => {
  let now = 1000;
  const health = new ServerHealth(() => now);
  const [a, b] = ["192.0.2.1", "192.0.2.2"].map((host) => ({ host, family: 4 as const, port: 53 }));
  if (a === undefined || b === undefined) throw new Error("two");
  const order = () => health.order([a, b]).map(({ host }) => host);
  health.replied(a);
  health.silent(a, 500);
  expect(order()).toEqual([a.host, b.host]);
  now = 2000;
  health.silent(a, 1500);
  expect(order()).toEqual([b.host, a.host]);
  health.silent(b, 1500);
  expect(order()).toEqual([a.host, b.host]);
  health.replied(a);
  health.replied(b);
  health.silent(a, 3000);
  now = 32_000;
  expect(order()).toEqual([a.host, b.host]);
});
