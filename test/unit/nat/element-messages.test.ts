import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { decodeMessages } from "../../../src/kernel/netlink/message.js";
import { MessageBatch } from "../../../src/kernel/netlink/message-batch.js";
import { NLM_F_CREATE, NLM_F_EXCL } from "../../../src/kernel/netlink/protocol.js";
import type { Element } from "../../../src/nat/nftables/element.js";
import {
  decodeElements,
  NFT_MSG_DELSETELEM,
  NFT_MSG_NEWSETELEM,
  writeElements,
} from "../../../src/nat/nftables/element-messages.js";
import { elementsOf } from "../../../src/nat/nftables/intent-elements.js";
import { anyIntent, isolate, publish } from "./intents.js";

const NEW = { type: NFT_MSG_NEWSETELEM, flags: NLM_F_CREATE | NLM_F_EXCL, content: "all" } as const;

function encode(elements: readonly Element[], request: Parameters<typeof writeElements>[1] = NEW): Buffer {
  const batch = new MessageBatch();
  writeElements(batch, request, elements);
  return Buffer.from(batch.encode());
}

/** Four bytes a group, as nft --debug=netlink and the kernel's own alignment have it. */
function words(bytes: Buffer): string {
  return bytes.toString("hex").replace(/(.{8})(?=.)/g, "$1 ");
}

describe("bytes", () => {
  test("nft create element inet tsd publish4 { tcp . 8080 comment ab : 10.10.10.2 . 80 }", () => {
    const header = "60000000 0c0a0106 00000000 00000000 01000000";
    const place = "08000100 74736400 0d000200 7075626c 69736834 00000000";
    const key = "10000180 0c000100 06000000 1f900000";
    const data = "10000280 0c000100 0a0a0a02 00500000";
    const comment = "09000600 00036162 00000000";
    const expected = [header, place, "34000380 30000180", key, data, comment].join(" ");
    expect(words(encode(elementsOf([publish({ owner: "ab" })])))).toBe(expected);
  });

  test("nft delete element inet tsd publish4_range { udp . 9000-9010 }", () => {
    const range = publish({ protocol: "udp", hostPort: 9000, containerPort: 9000, count: 11 });
    const header = "58000000 0e0a0100 00000000 00000000 01000000";
    const place = "08000100 74736400 13000200 7075626c 69736834 5f72616e 67650000";
    const keys = "10000180 0c000100 11000000 23280000 10000a80 0c000100 11000000 23320000";
    const bytes = encode(elementsOf([range]), { type: NFT_MSG_DELSETELEM, flags: 0, content: "key" });
    expect(words(bytes)).toBe([header, place, "28000380 24000180", keys].join(" "));
  });

  test("interface names fill IFNAMSIZ", () => {
    const [first] = elementsOf([isolate]);
    if (first === undefined) throw new Error("no element");
    expect(encode([first]).includes(Buffer.from("br-111111111111\0"))).toBe(true);
  });
});

test("elements survive the way to netlink and back, however many", () => {
  fc.assert(
    fc.property(fc.array(anyIntent, { maxLength: 60 }), (intents) => {
      const elements = elementsOf(intents);
      const read = decodeMessages(encode(elements)).flatMap(decodeElements);
      const text = (element: Element) => JSON.stringify(element, Object.keys(element).sort());
      expect(read.map(text).sort()).toEqual(elements.map(text).sort());
    }),
  );
});

test("60 000 elements fit, none of the lists longer than an attribute may be", () => {
  const elements = elementsOf([publish({ hostPort: 1, containerPort: 2, count: 60_000, owner: "f".repeat(64) })]);
  const messages = decodeMessages(encode(elements));
  expect(messages.flatMap(decodeElements)).toHaveLength(60_000);
  expect(Math.max(...messages.map(({ payload }) => payload.length))).toBeLessThan(65_536);
});

test("no bytes make the reader throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(), (garbage, at) => {
      const bytes = encode(elementsOf([publish()]));
      const message = decodeMessages(bytes)[0];
      if (message === undefined) throw new Error("no message");
      const payload = Buffer.from(message.payload);
      payload.set(garbage.subarray(0, payload.length), at % Math.max(1, payload.length - garbage.length));
      expect(Array.isArray(decodeElements({ ...message, payload }))).toBe(true);
    }),
  );
});
