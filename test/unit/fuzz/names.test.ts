import { describe, expect } from "@jest/globals";
import { decode, encode } from "dns-packet";
import fc from "fast-check";
import { LARGEST_MESSAGE } from "../../../src/names/message/codes.js";
import { readQuery } from "../../../src/names/message/query.js";
import { udpLimit } from "../../../src/names/message/reply.js";
import { LoadBounds } from "../../../src/names/serving/load-bounds.js";
import { type Asker, Responder } from "../../../src/names/serving/responder.js";
import { FrameReader } from "../../../src/names/transport/frames.js";
import { Forwarder } from "../../../src/names/upstream/forwarder.js";
import { passedReply } from "../../../src/names/upstream/passed-reply.js";
import { lifetimeOf, receivedReply } from "../../../src/names/upstream/received-reply.js";
import { upstreamQuery } from "../../../src/names/upstream/upstream-query.js";
import { damaged, fuzz } from "../../support/fuzz.js";
import { queryOf } from "../../support/names/queries.js";
import { viewOf } from "../../support/names/views.js";

/** These cases cost microseconds, and a long run is to have a million. */
const MANY = { share: 34 };

const view = viewOf({
  names: { web: ["10.0.0.2", "fd00::2"], crowd: Array.from({ length: 200 }, (_, at) => `10.9.0.${at}`) },
  hosts: { "10.0.0.2": "web.front" },
});
const responder = new Responder(new Forwarder(() => 0), new LoadBounds());
const names = ["web", "crowd", "WEB", "nope", "www.example.com", "2.0.0.10.in-addr.arpa", "."];
const asked = fc.record({
  name: fc.constantFrom(...names),
  type: fc.constantFrom("A", "AAAA", "ANY", "PTR", "MX", "AXFR", "OPT"),
  flags: fc.integer({ min: 0, max: 0xffff }),
  size: fc.constantFrom(0, 512, 1232, 4096, 65_535),
  dnssecOk: fc.boolean(),
});
const query = asked.map((each) => queryOf(each));

const record = fc.oneof(
  fc.record({ name: fc.constantFrom(...names), type: fc.constant("A"), ttl: fc.nat(), data: fc.ipV4() }),
  fc.record({
    name: fc.constantFrom(...names),
    type: fc.constant("TXT"),
    ttl: fc.nat(),
    data: fc.string({ maxLength: 200 }),
  }),
  fc.constant({ name: ".", type: "OPT", udpPayloadSize: 4096, options: [] }),
  fc.constant({ name: ".", type: "SOA", ttl: 9, data: { mname: "a", rname: "b", minimum: 5 } }),
);
const records = fc.array(record, { maxLength: 6 });
const reply = fc
  .record({ answers: records, authorities: records, additionals: records, flags: fc.integer({ min: 0, max: 0x7fff }) })
  .map((sections) =>
    encode({ type: "response", id: 7, questions: [{ name: "www.example.com", type: "A" }], ...sections }),
  );

describe("what a client sends", () => {
  for (const transport of ["udp", "tcp"] as const) {
    const asker: Asker = { netns: "a", transport, view: () => view };
    fuzz(
      `names by ${transport}`,
      fc.oneof(damaged(query), fc.uint8Array({ maxLength: 64 }).map(Buffer.from)),
      (message) => {
        const said = responder.respond(message, asker);
        if (said === undefined) return;
        if (said instanceof Promise) throw new Error("other servers were asked");
        const read = readQuery(message);
        expect(said.length).toBeLessThanOrEqual(
          transport === "tcp" || read === undefined ? LARGEST_MESSAGE : udpLimit(read),
        );
        expect([said.readUInt16BE(0), (said[2] as number) & 0x80]).toEqual([message.readUInt16BE(0), 0x80]);
        if (read?.name.includes("\\") === false) decode(said);
      },
      MANY,
    );
  }
});

describe("what a server sends", () => {
  const client = readQuery(queryOf({ name: "www.example.com", size: 1232 }));
  if (client === undefined) throw new Error("no query");
  const { question } = upstreamQuery(client, []);

  fuzz(
    "replies of name servers",
    fc.tuple(damaged(reply), fc.constantFrom(512, 1232, LARGEST_MESSAGE), fc.option(fc.nat(), { nil: undefined })),
    ([message, limit, age]) => {
      const received = receivedReply(message, 7, question);
      if (received === undefined) return;
      expect(lifetimeOf(received)).toBeGreaterThanOrEqual(0);
      const passed = passedReply(received, { query: client, limit, ...(age === undefined ? {} : { age }) });
      expect(passed.length).toBeLessThanOrEqual(limit);
      expect(passed.readUInt16BE(0)).toBe(4711);
      expect(receivedReply(passed, 4711, question)).toBeDefined();
    },
    MANY,
  );
});

describe("what comes over a connection", () => {
  fuzz(
    "messages over TCP",
    fc.tuple(
      fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }),
      fc.array(fc.nat({ max: 60 }), { maxLength: 20 }),
    ),
    ([messages, cuts]) => {
      const framed = messages.map((message) => Buffer.concat([Buffer.from([0, message.length]), message]));
      let rest = Buffer.concat(framed);
      const reader = new FrameReader(100);
      const found: Buffer[] = [];
      for (const cut of [...cuts, rest.length]) {
        reader.push(rest.subarray(0, cut));
        rest = rest.subarray(cut);
        for (let next = reader.next(); next !== undefined; next = reader.next()) found.push(next);
      }
      expect(found.map((message) => [...message])).toEqual(messages.map((message) => [...message]));
    },
  );
});
