import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { decodeMessages, type NetlinkMessage } from "../../../src/kernel/netlink/message.js";
import { MessageBatch } from "../../../src/kernel/netlink/message-batch.js";
import { CT_NEW } from "../../../src/nat/ctnetlink.js";
import type { FlowFilter } from "../../../src/nat/flow-filter.js";
import { decodeFlow, fits, writeExactDeletion } from "../../../src/nat/tracked-flow.js";

const NESTED = { flagged: true };
const address = (last: number) => Uint8Array.of(0xfd, 0, ...Array(13).fill(0), last);

/** As the kernel lists udp from fd00::9 to fd00::2 port 53, to which fd00::3 replies. */
function listed(): NetlinkMessage {
  const batch = new MessageBatch();
  batch.begin(CT_NEW, 0, Uint8Array.of(10, 0, 0, 0));
  for (const [type, source, destination] of [
    [1, 9, 2],
    [2, 3, 9],
  ] as const) {
    const ip = () => batch.bytes(3, address(source)).bytes(4, address(destination));
    const proto = () => batch.u8(1, 17).bytes(2, Uint8Array.of(4, 0)).bytes(3, Uint8Array.of(0, 53));
    batch.nested(type, () => batch.nested(1, ip, NESTED).nested(2, proto, NESTED), NESTED);
  }
  const [message] = decodeMessages(Buffer.from(batch.u32be(3, 0x2a).encode()));
  if (message === undefined) throw new Error("no message");
  return message;
}

function flow() {
  const decoded = decodeFlow(listed());
  if (decoded === undefined) throw new Error("no flow");
  return decoded;
}

const filter: FlowFilter = { family: 6, protocol: 17, status: { mask: 0x20, value: 0x20 } };

describe("a filter", () => {
  test.each<[string, FlowFilter, boolean]>([
    ["of little", filter, true],
    ["of all", { ...filter, responder: "fd00::3", destination: { address: "fd00::2", port: 53 } }, true],
    ["of another responder", { ...filter, responder: "fd00::2" }, false],
    ["of another address", { ...filter, destination: { address: "fd00::3" } }, false],
    ["of another port", { ...filter, destination: { port: 54 } }, false],
    ["of another protocol", { ...filter, protocol: 6 }, false],
    ["of another status", { ...filter, status: { mask: 0x30, value: 0x30 } }, false],
    ["of the other family", { ...filter, family: 4 }, false],
  ])("%s", (_name, wanted, expected) => {
    expect(fits(flow(), wanted)).toBe(expected);
  });
});

test("a flow is named by its original direction, as it was listed", () => {
  const batch = new MessageBatch();
  writeExactDeletion(batch, flow());
  const [message] = decodeMessages(Buffer.from(batch.encode()));
  expect(message?.type).toBe(0x102);
  const text = message?.payload.toString("hex");
  expect(text?.startsWith("0a010000")).toBe(true);
  for (const part of [address(9), address(2), Uint8Array.of(0, 53)]) {
    expect(text).toContain(Buffer.from(part).toString("hex"));
  }
  expect(text).not.toContain(Buffer.from(address(3)).toString("hex"));
});

test("no bytes make the reader throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(), (garbage, at) => {
      const message = listed();
      const payload = Buffer.from(message.payload);
      payload.set(garbage.subarray(0, payload.length), at % Math.max(1, payload.length - garbage.length));
      const read = decodeFlow({ ...message, payload });
      if (read !== undefined) fits(read, { ...filter, responder: "fd00::3" });
    }),
  );
});
