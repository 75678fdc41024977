import { constants } from "node:os";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { decodeAcknowledgement, decodeDone } from "../../../../src/kernel/netlink/acknowledgement.js";
import { Attributes } from "../../../../src/kernel/netlink/attributes.js";
import { decodeMessages, type NetlinkMessage } from "../../../../src/kernel/netlink/message.js";
import { MessageBatch } from "../../../../src/kernel/netlink/message-batch.js";
import { NLM_F_ACK_TLVS, NLM_F_CAPPED, NLMSG_ERROR } from "../../../../src/kernel/netlink/protocol.js";
import { decodeAddress } from "../../../../src/kernel/rtnetlink/messages/address.js";
import { decodeLink } from "../../../../src/kernel/rtnetlink/messages/link.js";
import { decodeRoute } from "../../../../src/kernel/rtnetlink/messages/route.js";

const bytes = fc.uint8Array({ maxLength: 300 }).map((value) => Buffer.from(value));
/** Bytes with small lengths in likely places, so that the decoders get past the first check. */
const almost = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 60 }), fc.uint8Array({ maxLength: 40 })))
  .map((parts) =>
    Buffer.concat(parts.map(([length, type, rest]) => Buffer.concat([Buffer.from([length, 0, type, 0]), rest]))),
  );
const garbage = fc.oneof(bytes, almost);
const flags = fc.integer({ min: 0, max: 0xffff });

describe("garbage never throws, and yields what the type promises", () => {
  test("messages", () => {
    fc.assert(
      fc.property(garbage, (datagram) => {
        for (const { type, sequence, payload } of decodeMessages(datagram)) {
          expect(Number.isInteger(type) && Number.isInteger(sequence)).toBe(true);
          expect(payload.length).toBeLessThanOrEqual(datagram.length - 16);
        }
      }),
    );
  });

  test("attributes", () => {
    fc.assert(
      fc.property(garbage, fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 64 }), (value, offset, type) => {
        const attributes = Attributes.decode(value, offset);
        for (const [, content] of attributes.all()) expect(content.length).toBeLessThanOrEqual(value.length);
        for (const number of [attributes.u8(type), attributes.u32(type), attributes.u32be(type)]) {
          expect(["number", "undefined"]).toContain(typeof number);
        }
        expect(["string", "undefined"]).toContain(typeof attributes.string(type));
        expect(Array.isArray(attributes.nested(type, 4).all())).toBe(true);
      }),
    );
  });

  test("acknowledgements have an errno that is not negative", () => {
    fc.assert(
      fc.property(garbage, flags, (payload, bits) => {
        const message: NetlinkMessage = { type: NLMSG_ERROR, flags: bits, sequence: 1, payload };
        for (const { errno, reason } of [decodeAcknowledgement(message), decodeDone(message)]) {
          expect(errno).toBeGreaterThanOrEqual(0);
          expect(["string", "undefined"]).toContain(typeof reason);
        }
      }),
    );
  });

  test("links, addresses, routes", () => {
    fc.assert(
      fc.property(garbage, (payload) => {
        const message: NetlinkMessage = { type: 16, flags: 0, sequence: 1, payload };
        const link = decodeLink(message);
        if (link !== undefined) expect([typeof link.name, typeof link.index]).toEqual(["string", "number"]);
        const address = decodeAddress(message);
        if (address !== undefined) expect([2, 10]).toContain(address.family);
        const route = decodeRoute(message);
        if (route !== undefined) expect(Buffer.isBuffer(route.destination.bytes)).toBe(true);
      }),
    );
  });
});

describe("a datagram cut short", () => {
  const whole = new MessageBatch()
    .begin(16, 0, Buffer.alloc(16))
    .string(3, "eth0")
    .begin(16, 0, Buffer.alloc(16))
    .encode();
  test.each([
    [whole.length, 2],
    [whole.length - 1, 1],
    [44, 1],
    [43, 0],
    [15, 0],
  ])("%i bytes hold %i messages", (length, count) => {
    expect(decodeMessages(whole.subarray(0, length))).toHaveLength(count);
  });
});

describe("acknowledgements", () => {
  /** `struct nlmsgerr`, then the attributes that `fill` writes. */
  const refusal = (errno: number, fill: (batch: MessageBatch) => void, echoed = Buffer.alloc(0)): NetlinkMessage => {
    const nlmsgerr = Buffer.alloc(20);
    nlmsgerr.writeInt32LE(-errno);
    nlmsgerr.writeUInt32LE(16 + echoed.length, 4);
    const batch = new MessageBatch().begin(NLMSG_ERROR, 0, Buffer.concat([nlmsgerr, echoed]));
    fill(batch);
    const flagged = NLM_F_ACK_TLVS | (echoed.length === 0 ? NLM_F_CAPPED : 0);
    return { type: NLMSG_ERROR, flags: flagged, sequence: 1, payload: batch.encode().subarray(16) };
  };

  test.each([
    ["a message", (batch: MessageBatch) => batch.string(1, "Unknown device type."), "Unknown device type"],
    [
      "a message and where",
      (batch: MessageBatch) => batch.string(1, "Attribute failed policy validation").u32(2, 32),
      "Attribute failed policy validation at byte 32 of the request",
    ],
    ["only where", (batch: MessageBatch) => batch.u32(2, 20), "the kernel rejects byte 20 of the request"],
    ["what is missing", (batch: MessageBatch) => batch.u32(5, 3), "the request lacks attribute 3"],
    ["nothing", () => undefined, undefined],
  ])("with %s", (_, fill, reason) => {
    expect(decodeAcknowledgement(refusal(22, fill))).toEqual(
      reason === undefined ? { errno: 22 } : { errno: 22, reason },
    );
  });

  test("behind the whole request, where the kernel echoes it", () => {
    const message = refusal(17, (batch) => batch.string(1, "File exists"), Buffer.alloc(12, 0xaa));
    expect(decodeAcknowledgement(message)).toEqual({ errno: 17, reason: "File exists" });
  });

  test("success, and a message too short to tell", () => {
    const message = (payload: Buffer): NetlinkMessage => ({ type: NLMSG_ERROR, flags: 0, sequence: 1, payload });
    expect(decodeAcknowledgement(message(Buffer.alloc(20)))).toEqual({ errno: 0 });
    expect(decodeAcknowledgement(message(Buffer.alloc(3)))).toEqual({ errno: constants.errno.EPROTO });
  });
});
