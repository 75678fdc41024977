import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Attributes } from "../../../../src/kernel/netlink/attributes.js";
import { decodeMessages } from "../../../../src/kernel/netlink/message.js";
import { MessageBatch } from "../../../../src/kernel/netlink/message-batch.js";

const hex = (batch: MessageBatch) => batch.encode().toString("hex").replace(/.{8}/g, "$& ").trim();
const header = Buffer.from([1, 2, 3, 4]);

describe("layout, in words of four bytes", () => {
  test("a message is header, fixed part, attributes; NLM_F_REQUEST is always set", () => {
    const batch = new MessageBatch().begin(0x1234, 0x400, header).u32(7, 0xdeadbeef);
    // length 28 | type, flags 0x401 | sequence | port | fixed part | attribute of 8, type 7 | value
    expect(hex(batch)).toBe("1c000000 34120104 00000000 00000000 01020304 08000700 efbeadde");
  });

  test.each([
    ["u8", (batch: MessageBatch) => batch.u8(1, 255), "05000100 ff000000"],
    ["u32", (batch: MessageBatch) => batch.u32(1, 1), "08000100 01000000"],
    ["u32be", (batch: MessageBatch) => batch.u32be(1, 1), "08000100 00000001"],
    ["string, with its NUL counted", (batch: MessageBatch) => batch.string(3, "eth0"), "09000300 65746830 00000000"],
    [
      "bytes, padding not counted",
      (batch: MessageBatch) => batch.bytes(1, Buffer.from([2, 66, 9])),
      "07000100 02420900",
    ],
    ["empty", (batch: MessageBatch) => batch.bytes(9, Buffer.alloc(0)), "04000900"],
    ["nested", (batch: MessageBatch) => batch.nested(18, () => batch.u8(1, 5)), "0c001200 05000100 05000000"],
    [
      "nested and flagged, as nf_tables wants",
      (batch: MessageBatch) => batch.nested(3, () => batch.u8(1, 5), { flagged: true }),
      "0c000380 05000100 05000000",
    ],
    [
      "nested behind a fixed part",
      (batch: MessageBatch) => batch.nested(2, () => batch.u8(1, 5), { header: Buffer.from([9, 9, 9, 9]) }),
      "10000200 09090909 05000100 05000000",
    ],
  ])("attribute: %s", (_, fill, expected) => {
    const batch = new MessageBatch().begin(0, 0, Buffer.alloc(0));
    fill(batch);
    expect(hex(batch).slice("00000000 00000000 00000000 00000000 ".length)).toBe(expected);
  });

  test("messages follow each other, each with its own length", () => {
    const batch = new MessageBatch().begin(1, 0, header).u8(1, 1).begin(2, 0, header);
    expect(batch.count).toBe(2);
    expect(batch.offsets).toEqual([0, 28]);
    expect(decodeMessages(batch.encode()).map(({ type, payload }) => [type, payload.length])).toEqual([
      [1, 12],
      [2, 4],
    ]);
  });
});

describe("limits", () => {
  test("an attribute without a message is a bug", () => {
    expect(() => new MessageBatch().u32(1, 1)).toThrow("needs a message");
  });

  test("an attribute longer than its length field can say is refused, nested or not", () => {
    const open = () => new MessageBatch().begin(1, 0, header);
    expect(open().bytes(1, Buffer.alloc(65_531)).encode()).toHaveLength(16 + 4 + 65_536);
    expect(() => open().bytes(1, Buffer.alloc(65_532))).toThrow("65536 bytes exceeds the limit of 65535");
    const batch = open();
    const fill = () => void batch.bytes(1, Buffer.alloc(40_000)).bytes(1, Buffer.alloc(40_000));
    expect(() => batch.nested(2, fill)).toThrow(RangeError);
  });
});

test("what is written is read back, across any growth of the buffer", () => {
  const entry = fc.tuple(fc.integer({ min: 1, max: 0x3fff }), fc.uint8Array({ maxLength: 3000 }));
  fc.assert(
    fc.property(fc.array(fc.array(entry, { maxLength: 8 }), { minLength: 1, maxLength: 8 }), (messages) => {
      const batch = new MessageBatch();
      for (const attributes of messages) {
        batch.begin(1, 0, header);
        for (const [type, value] of attributes) batch.bytes(type, value);
      }
      const decoded = decodeMessages(batch.encode()).map(({ payload }) =>
        Attributes.decode(payload, header.length)
          .all()
          .map(([type, value]) => [type, Uint8Array.from(value)]),
      );
      expect(decoded).toEqual(
        messages.map((attributes) => attributes.map(([type, value]) => [type, Uint8Array.from(value)])),
      );
    }),
    { numRuns: 60 },
  );
});
