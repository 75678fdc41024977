import { describe, expect, test } from "@jest/globals";
import { CHECKING_DISABLED, type Decoded, decode, encode } from "dns-packet";
import fc from "fast-check";
import { LARGEST_MESSAGE } from "../../../src/names/message/codes.js";
import { readQuery } from "../../../src/names/message/query.js";
import { udpLimit, writeFailure } from "../../../src/names/message/reply.js";
import { OwnNames } from "../../../src/names/own/own-names.js";
import { type Asked, queryOf } from "../../support/names/queries.js";
import { viewOf } from "../../support/names/views.js";

const crowd = Array.from({ length: 300 }, (_, index) => `10.9.${Math.floor(index / 250)}.${(index % 250) + 1}`);
const view = viewOf({
  names: {
    web: ["10.0.0.2", "fd00::2", "10.0.0.3"],
    "web.front": ["10.0.0.2"],
    four: ["10.0.0.4"],
    waiting: [],
    under_score: ["10.0.0.5"],
    crowd,
  },
  hosts: { "10.0.0.2": "web.front", "fd00::2": "web.front" },
});

/** What `ask` gets; undefined for what is forwarded. */
function replyTo(ask: Asked | Buffer, { transport = "udp", names = new OwnNames() } = {}): Buffer | undefined {
  const query = readQuery(Buffer.isBuffer(ask) ? ask : queryOf(ask));
  if (query === undefined) throw new Error("no query");
  if (query.fault) return writeFailure(query, query.fault);
  const reply = names.reply(query, view, transport === "tcp" ? LARGEST_MESSAGE : udpLimit(query));
  if (reply instanceof Promise) throw new Error("other hosts are asked");
  return reply;
}

function decodedReplyTo(ask: Asked | Buffer, how = {}): Decoded {
  const reply = replyTo(ask, how);
  if (reply === undefined) throw new Error("forwarded");
  return decode(reply);
}

const dataOf = ({ answers }: Decoded) => answers.map(({ data }) => data);

describe("what is known", () => {
  test.each<[asked: Asked, code: string, data: readonly unknown[]]>([
    [{ name: "web" }, "NOERROR", ["10.0.0.2", "10.0.0.3"]],
    [{ name: "web", type: "AAAA" }, "NOERROR", ["fd00::2"]],
    [{ name: "web", type: "ANY" }, "NOERROR", ["10.0.0.2", "fd00::2", "10.0.0.3"]],
    [{ name: "web", class: "ANY" }, "NOERROR", ["10.0.0.2", "10.0.0.3"]],
    [{ name: "WeB.fRONt" }, "NOERROR", ["10.0.0.2"]],
    [{ name: "under_score" }, "NOERROR", ["10.0.0.5"]],
    [{ name: "four", type: "AAAA" }, "NOERROR", []],
    [{ name: "four", type: "MX" }, "NOERROR", []],
    [{ name: "four", type: "UNKNOWN_65" }, "NOERROR", []],
    [{ name: "waiting" }, "NOERROR", []],
    [{ name: "nope" }, "NXDOMAIN", []],
    [{ name: "nope", type: "AAAA" }, "NXDOMAIN", []],
    [{ name: "web", class: "CH" }, "REFUSED", []],
    [{ name: "2.0.0.10.in-addr.arpa", type: "PTR" }, "NOERROR", ["web.front"]],
    [{ name: "2.0.0.10.IN-ADDR.arpa", type: "ANY" }, "NOERROR", ["web.front"]],
    [{ name: "2.0.0.10.in-addr.arpa", type: "A" }, "NOERROR", []],
    [{ name: `2.${"0.".repeat(27)}0.0.d.F.ip6.arpa`, type: "PTR" }, "NOERROR", ["web.front"]],
  ])("%j", (asked, code, data) => {
    const reply = decodedReplyTo(asked);
    expect([reply.rcode, dataOf(reply)]).toEqual([code, data]);
    expect(reply.questions[0]?.name).toBe(asked.name);
    expect(reply.answers.map(({ ttl }) => ttl)).toEqual(data.map(() => 0));
    const soa = { name: ".", type: "SOA", ttl: 0, data: { mname: ".", minimum: 0 } };
    expect(reply.authorities).toMatchObject(data.length === 0 && code !== "REFUSED" ? [soa] : []);
  });

  test.each([
    { name: "." },
    { name: "example.com" },
    { name: "web.example.com" },
    { name: "9.0.0.10.in-addr.arpa", type: "PTR" },
    { name: "02.0.0.10.in-addr.arpa", type: "PTR" },
    { name: "2.0.0.in-addr.arpa", type: "PTR" },
    { name: "2.0.0.10.1.in-addr.arpa", type: "PTR" },
    { name: "2.0.ip6.arpa", type: "PTR" },
  ])("%j is for others", (asked) => expect(replyTo(asked)).toBeUndefined());

  test("a dot within a label makes no name of two labels", () => {
    const label = Buffer.from("\u0009web.front\0", "latin1");
    const message = Buffer.concat([queryOf({ name: "x" }).subarray(0, 12), label, Buffer.from([0, 1, 0, 1])]);
    expect(decodedReplyTo(message).rcode).toBe("NXDOMAIN");
  });

  test("letters are those of ASCII: others differ by case", () => {
    const message = (letter: number) =>
      Buffer.concat([queryOf({ name: "x" }).subarray(0, 12), Buffer.from([1, letter, 0, 0, 1, 0, 1])]);
    expect(readQuery(message(0xc4))?.name).toBe("\\196");
    expect(readQuery(message(0xe4))?.name).toBe("\\228");
  });

  test("a name's addresses take turns, each name and type for itself", () => {
    const names = new OwnNames();
    const first = (asked: Asked) => dataOf(decodedReplyTo(asked, { names }))[0];
    const turns = Array.from({ length: 4 }, () => [first({ name: "web" }), first({ name: "web", type: "AAAA" })]);
    expect(turns.map(([four]) => four)).toEqual(["10.0.0.2", "10.0.0.3", "10.0.0.2", "10.0.0.3"]);
  });
});

describe("flags and EDNS", () => {
  test("a reply has the id, RD and CD of its query, the authority's AA, and offers recursion", () => {
    const reply = decodedReplyTo({ name: "web", id: 65_535, flags: CHECKING_DISABLED });
    expect(reply).toMatchObject({ id: 65_535, flag_aa: true, flag_ra: true, flag_rd: false, flag_cd: true });
    expect(decodedReplyTo({ name: "web" })).toMatchObject({ flag_rd: true, flag_cd: false, additionals: [] });
  });

  test("OPT is repeated to clients that have it, with DO", () => {
    const reply = decodedReplyTo({ name: "web", size: 900, dnssecOk: true });
    expect(reply.additionals).toMatchObject([{ type: "OPT", udpPayloadSize: 1232, flag_do: true }]);
  });

  test.each([
    [undefined, 512],
    [100, 512],
    [1232, 1232],
    [4096, 4096],
    [65_535, 4096],
  ])("with a size of %p, a datagram has at most %p octets, as many records as fit, and TC", (size, most) => {
    const reply = replyTo(size === undefined ? { name: "crowd" } : { name: "crowd", size }) as Buffer;
    expect(reply.length).toBeLessThanOrEqual(most);
    expect(reply.length).toBeGreaterThan(most - 16);
    expect(decode(reply).flag_tc).toBe(true);
    expect(crowd).toEqual(expect.arrayContaining(dataOf(decode(reply)) as string[]));
  });

  test("by TCP all addresses come", () => {
    const reply = decodedReplyTo({ name: "crowd" }, { transport: "tcp" });
    expect([reply.flag_tc, dataOf(reply)]).toEqual([false, crowd]);
  });
});

describe("what is malformed", () => {
  const plain = queryOf({ name: "web" });
  const changed = (change: (message: Buffer) => void, message = plain): Buffer => {
    const copy = Buffer.from(message);
    change(copy);
    return copy;
  };
  const withOpt = queryOf({ name: "web", size: 1232 });
  const twoOpts = Buffer.concat([withOpt, withOpt.subarray(plain.length)]);

  test.each<[name: string, message: Buffer, code: string]>([
    ["an opcode that is not QUERY", changed((message) => message.writeUInt8(0x28, 2)), "NOTIMP"],
    ["no question", changed((message) => message.writeUInt16BE(0, 4)), "FORMERR"],
    ["two questions", changed((message) => message.writeUInt16BE(2, 4)), "FORMERR"],
    ["a name that ends after the message", plain.subarray(0, 15), "FORMERR"],
    ["no class", plain.subarray(0, -1), "FORMERR"],
    ["a compressed question", changed((message) => message.writeUInt16BE(0xc00c, 12)), "FORMERR"],
    ["a label of 64 octets", changed((message) => message.writeUInt8(64, 12)), "FORMERR"],
    ["records that are not there", changed((message) => message.writeUInt16BE(1, 10)), "FORMERR"],
    ["65535 records of each kind", changed((message) => message.fill(0xff, 6, 12)), "FORMERR"],
    ["OPT twice", changed((message) => message.writeUInt16BE(2, 10), twoOpts), "FORMERR"],
    ["OPT as a question", changed((message) => message.writeUInt16BE(41, plain.length - 4)), "FORMERR"],
  ])("%s gets the header back, with the code", (_name, message, code) => {
    const reply = replyTo(message) as Buffer;
    expect(reply.length).toBe(12);
    expect(decode(reply)).toMatchObject({ id: 4711, type: "response", rcode: code, questions: [] });
  });

  test("a name of more than 255 octets is refused, one of 255 is read", () => {
    const named = (last: number) => {
      const labels = [63, 63, 63, last].map((length) =>
        Buffer.from(`${String.fromCharCode(length)}${"a".repeat(length)}`),
      );
      return Buffer.concat([plain.subarray(0, 12), ...labels, Buffer.from([0, 0, 1, 0, 1])]);
    };
    expect(readQuery(named(61))?.name).toHaveLength(253);
    expect(readQuery(named(62))?.fault).toBe(1);
  });

  test("a later version of EDNS is refused in OPT", () => {
    const message = changed((later) => later.writeUInt8(1, plain.length + 6), withOpt);
    const reply = decodedReplyTo(message);
    expect([reply.rcode, reply.additionals[0]?.extendedRcode]).toEqual(["NOERROR", 1]);
  });

  test.each([
    ["a header that is too short", plain.subarray(0, 11)],
    ["nothing", Buffer.alloc(0)],
    ["a reply", encode({ type: "response", id: 1, questions: [{ name: "web", type: "A" }] })],
  ])("%s gets nothing: two servers would write to each other for ever", (_name, message) => {
    expect(readQuery(message)).toBeUndefined();
  });
});

test("every name and all its addresses come back as dns-packet reads them", () => {
  const label = fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9_-]{0,62}$/);
  const name = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join("."));
  const octets = fc.array(fc.ipV4(), { maxLength: 40 });
  fc.assert(
    fc.property(
      name,
      octets,
      fc.option(fc.integer({ min: 0, max: 65_535 }), { nil: undefined }),
      (asked, list, size) => {
        const query = readQuery(queryOf(size === undefined ? { name: asked } : { name: asked, size }));
        if (query === undefined) throw new Error("no query");
        const zone = viewOf({ names: { [asked.toLowerCase()]: list } });
        const reply = decode(new OwnNames().reply(query, zone, LARGEST_MESSAGE) as Buffer);
        expect([reply.questions[0]?.name, dataOf(reply)]).toEqual([asked, list]);
        expect(reply.additionals.length).toBe(size === undefined ? 0 : 1);
      },
    ),
    { numRuns: 200 },
  );
});
