import { describe, expect } from "@jest/globals";
import fc from "fast-check";
import { decodeBaseChain } from "../../../src/kernel/forward-chains/nftables-chains.js";
import { decodeAcknowledgement, decodeDone } from "../../../src/kernel/netlink/acknowledgement.js";
import { Attributes } from "../../../src/kernel/netlink/attributes.js";
import { decodeMessages, type NetlinkMessage } from "../../../src/kernel/netlink/message.js";
import { MessageBatch } from "../../../src/kernel/netlink/message-batch.js";
import { decodeAddress, encodeNewAddress } from "../../../src/kernel/rtnetlink/messages/address.js";
import {
  formatAddress,
  formatPrefix,
  parseAddress,
  parsePrefix,
} from "../../../src/kernel/rtnetlink/messages/ip-prefix.js";
import { decodeLink, decodeLinkIndex, linkHeader } from "../../../src/kernel/rtnetlink/messages/link.js";
import { AF_INET, AF_INET6 } from "../../../src/kernel/rtnetlink/messages/protocol.js";
import { decodeRoute, encodeNewRoute } from "../../../src/kernel/rtnetlink/messages/route.js";
import { answerOrRefusal, anyText, damaged, fuzz } from "../../support/fuzz.js";

/** A tree of attributes: bytes, or attributes again. */
type Tree = readonly (readonly [type: number, value: Uint8Array | Tree])[];
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.array(
    fc.tuple(
      fc.integer({ min: 0, max: 60 }),
      fc.oneof({ depthSize: "small", withCrossShrink: true }, fc.uint8Array({ maxLength: 24 }), tie("tree")),
    ),
    { maxLength: 8 },
  ),
}));

const isTree = (value: Uint8Array | Tree): value is Tree => Array.isArray(value);

function write(batch: MessageBatch, attributes: Tree): void {
  for (const [type, value] of attributes)
    if (isTree(value)) batch.nested(type, () => write(batch, value), { flagged: type % 2 === 0 });
    else batch.bytes(type, value);
}

function read(attributes: Attributes, like: Tree): Tree {
  return attributes.all().map(([type, value], at) => {
    const shape = like[at]?.[1];
    return [
      type,
      shape !== undefined && isTree(shape) ? read(Attributes.decode(value), shape) : Uint8Array.from(value),
    ];
  });
}

const header = fc.oneof(
  fc.constant(linkHeader({ index: 3, up: true })),
  fc.constant(Buffer.from([AF_INET, 24, 0, 0, 3, 0, 0, 0])),
  fc.constant(Buffer.from([AF_INET6, 64, 0, 0, 254, 4, 0, 1, 0, 0, 0, 0])),
);

const datagram = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0, max: 0xffff }), header, tree), {
    minLength: 1,
    maxLength: 4,
  })
  .map((messages) => {
    const batch = new MessageBatch();
    for (const [type, flags, front, attributes] of messages) write(batch.begin(type, flags, front), attributes);
    return Buffer.from(batch.encode());
  });
const bytes = fc.oneof(
  damaged(datagram),
  fc.uint8Array({ maxLength: 200 }).map((value) => Buffer.from(value)),
);

const prefix = fc.oneof(
  fc.tuple(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.integer({ min: 0, max: 32 })),
  fc.tuple(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.integer({ min: 0, max: 128 })),
);
const toPrefix = ([value, length]: readonly [Uint8Array, number]) => ({
  family: value.length === 4 ? (AF_INET as typeof AF_INET) : (AF_INET6 as typeof AF_INET6),
  bytes: Buffer.from(value),
  length,
});

/** Upper byte the subsystem, lower byte the message. */
const NEW_CHAIN = 0x0a03;

/** Every decoder of kernel messages on one message; none may throw, or answer more bytes than there were. */
function decodeAll(message: NetlinkMessage): void {
  for (const { errno, reason } of [decodeAcknowledgement(message), decodeDone(message)]) {
    expect(errno).toBeGreaterThanOrEqual(0);
    expect(reason).not.toBe("");
  }
  const link = decodeLink(message);
  if (link !== undefined) expect(link.name.length).toBeLessThanOrEqual(message.payload.length);
  decodeLinkIndex(message);
  const address = decodeAddress(message);
  if (address !== undefined) formatPrefix(address);
  const route = decodeRoute(message);
  if (route !== undefined) formatPrefix(route.destination);
  decodeBaseChain({ ...message, type: NEW_CHAIN });
}

describe("netlink", () => {
  fuzz("netlink: damaged datagrams through every decoder", bytes, (value) => {
    for (const message of decodeMessages(value)) {
      expect(message.payload.length).toBeLessThanOrEqual(value.length - 16);
      decodeAll(message);
    }
  });

  fuzz(
    "netlink: payloads of any bytes",
    fc.record({
      type: fc.integer({ min: 0, max: 40 }),
      flags: fc.integer({ min: 0, max: 0xffff }),
      sequence: fc.nat(),
      payload: bytes,
    }),
    decodeAll,
  );

  fuzz(
    "netlink: attributes stay within their bytes",
    fc.tuple(bytes, fc.nat({ max: 260 }), fc.nat({ max: 64 })),
    (all) => {
      const [value, offset, type] = all;
      const attributes = Attributes.decode(value, offset);
      const total = attributes.all().reduce((sum, [, content]) => sum + content.length, 0);
      expect(total).toBeLessThanOrEqual(Math.max(0, value.length - offset));
      for (const number of [attributes.u8(type), attributes.u32(type), attributes.u32be(type)])
        expect(["number", "undefined"]).toContain(typeof number);
      attributes.string(type);
      attributes.nested(type, offset).all();
    },
  );

  fuzz("netlink: trees of attributes survive writing and reading", tree, (attributes) => {
    const batch = new MessageBatch().begin(1, 0, new Uint8Array(4));
    write(batch, attributes);
    const [message] = decodeMessages(Buffer.from(batch.encode()));
    expect(read(Attributes.decode(message?.payload ?? Buffer.alloc(0), 4), attributes)).toEqual(attributes);
  });
});

describe("rtnetlink", () => {
  fuzz("rtnetlink: addresses survive writing and reading", fc.tuple(prefix, fc.nat()), ([value, link]) => {
    const batch = new MessageBatch();
    encodeNewAddress(batch, link, toPrefix(value));
    const [message] = decodeMessages(Buffer.from(batch.encode()));
    expect(message && decodeAddress(message)).toEqual({ ...toPrefix(value), link, scope: 0, own: true });
  });

  fuzz(
    "rtnetlink: routes survive writing and reading",
    fc.tuple(prefix, fc.boolean(), fc.nat(), fc.integer({ min: 1, max: 0xffff_ffff })),
    ([value, hasGateway, link, metric]) => {
      const destination = toPrefix(value);
      const gateway = hasGateway ? { gateway: Buffer.alloc(destination.bytes.length, 7) } : {};
      const batch = new MessageBatch();
      encodeNewRoute(batch, { destination, ...gateway, link, metric });
      const [message] = decodeMessages(Buffer.from(batch.encode()));
      const bytesRead = destination.length === 0 ? Buffer.alloc(destination.bytes.length) : destination.bytes;
      const own = destination.family === AF_INET6 && metric === 1024 ? {} : { metric };
      expect(message && decodeRoute(message)).toEqual({
        destination: { ...destination, bytes: bytesRead },
        ...gateway,
        link,
        ...own,
      });
    },
  );

  fuzz("rtnetlink: prefixes survive printing and parsing", prefix, (value) => {
    expect(parsePrefix(formatPrefix(toPrefix(value)))).toEqual(toPrefix(value));
    expect(parseAddress(formatAddress(Buffer.from(value[0])))).toEqual(Buffer.from(value[0]));
  });

  fuzz("rtnetlink: any text is a prefix or refused", anyText("0123456789abcdef.:/%"), (text) => {
    answerOrRefusal(() => parsePrefix(text));
    answerOrRefusal(() => parseAddress(text));
  });
});
