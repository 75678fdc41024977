import { describe, expect, test } from "@jest/globals";
import { encodeGetFamily } from "../../../../src/kernel/netlink/generic-family.js";
import { decodeMessages } from "../../../../src/kernel/netlink/message.js";
import { MessageBatch } from "../../../../src/kernel/netlink/message-batch.js";
import {
  decodeDevice,
  encodeDevice,
  encodeGetDevice,
  encodeNoPeer,
  encodePeer,
} from "../../../../src/kernel/wireguard/messages.js";

const family = 0x1e;
const publicKey = Buffer.alloc(32, 0x11).toString("base64");
const peer = { kind: "wireguard peer", link: "wg0", publicKey, inner: "fe80::1" } as const;

function sent(encode: (batch: MessageBatch) => void): string {
  const batch = new MessageBatch();
  encode(batch);
  return batch.encode().toString("hex");
}

/** Groups of digits, which a header of 16 octets precedes: its length, type, and the flag of a request. */
function message(type: string, ...groups: readonly string[]): string {
  const body = groups.join("").replaceAll(" ", "");
  const length = Buffer.alloc(4);
  length.writeUInt32LE(16 + body.length / 2);
  return `${length.toString("hex")}${type}01000000000000000000${body}`;
}

/** Reckoned from the header; the virtual machine's kernel and wg(8) agree (test/vm). */
describe("messages have the layout of <linux/wireguard.h>", () => {
  const name = "0800 0200 77673000";

  test("key and port of a link", () => {
    const privateKey = Buffer.alloc(32, 0x22);
    expect(sent((batch) => encodeDevice(batch, family, { link: "wg0", privateKey, port: 51_820 }))).toBe(
      message("1e00", "01 01 0000", name, `2400 0300 ${"22".repeat(32)}`, "0600 0600 6cca 0000"),
    );
  });

  test.each([
    ["192.0.2.1", "1400 0400 0200 ca6c c0000201 0000000000000000"],
    ["2001:db8::1", "2000 0400 0a00 ca6c 00000000 20010db8000000000000000000000001 00000000"],
  ])("a peer at %s", (address, endpoint) => {
    const isIPv4 = address.includes(".");
    const allowed = [
      "2c00 0980 2800 0080",
      "0600 0100 0a00 0000",
      `1400 0200 fe80${"00".repeat(13)}01`,
      "0500 0300 80 000000",
    ];
    const lengths = isIPv4 ? ["7400 0880", "7000 0080"] : ["8000 0880", "7c00 0080"];
    expect(sent((batch) => encodePeer(batch, family, { ...peer, address, port: 51_820 }))).toBe(
      message(
        "1e00",
        ...["01 01 0000", name, ...lengths, `2400 0100 ${"11".repeat(32)}`, "0800 0300 02000000", endpoint],
        ...allowed,
      ),
    );
  });

  test("a peer that goes", () => {
    expect(sent((batch) => encodeNoPeer(batch, family, peer))).toBe(
      message("1e00", "01 01 0000", name, "3400 0880 3000 0080", `2400 0100 ${"11".repeat(32)}`, "0800 0300 05000000"),
    );
  });

  test("questions", () => {
    expect(encodeGetDevice(family, "wg0").encode().toString("hex")).toBe(message("1e00", "00 01 0000", name));
    expect(sent((batch) => encodeGetFamily(batch, "wireguard"))).toBe(
      message("1000", "03 02 0000", "0e00 0200 77697265677561726400 0000"),
    );
  });
});

describe("what the kernel replies", () => {
  /** One message of a dump. */
  function reply(...groups: readonly string[]) {
    const [first] = decodeMessages(Buffer.from(message("1e00", "00 01 0000", ...groups), "hex"));
    if (first === undefined) throw new Error("no message");
    return first;
  }
  const key = `2400 0100 ${"11".repeat(32)}`;
  const allowed4 = "1c00 0080 0600 0100 0200 0000 0800 0200 0a000001 0500 0300 20 000000";

  test("has no private key, and joins a peer that goes on in the next message", () => {
    const first = reply(
      ...[`2400 0300 ${"33".repeat(32)}`, `2400 0400 ${"44".repeat(32)}`, "0600 0600 6cca 0000"],
      ...["6c00 0880 6800 0080", key, "1400 0400 0200 ca6c c0000201 0000000000000000"],
      ...["0c00 0700 0001000000000000", "2000 0980", allowed4],
    );
    const second = reply("4c00 0880 4800 0080", key, "2000 0980", allowed4.replace("0a000001", "0a000002"));
    const state = decodeDevice([first, second]);
    expect(state).toEqual({
      publicKey: Buffer.alloc(32, 0x44).toString("base64"),
      port: 51_820,
      peers: new Map([
        [publicKey, { endpoint: "192.0.2.1:51820", isHeard: true, allowed: ["10.0.0.1/32", "10.0.0.2/32"] }],
      ]),
    });
    expect(JSON.stringify([...state.peers])).not.toContain(Buffer.alloc(32, 0x33).toString("base64"));
  });

  test("may be cut anywhere", () => {
    const whole = reply(
      "6000 0880 5c00 0080",
      key,
      "1400 0400 0200 ca6c c0000201 0000000000000000",
      "2000 0980",
      allowed4,
    );
    for (let length = 0; length <= whole.payload.length; length++) {
      const state = decodeDevice([{ ...whole, payload: whole.payload.subarray(0, length) }]);
      expect(state.peers.size).toBeLessThanOrEqual(1);
    }
    expect(decodeDevice([])).toEqual({ port: 0, peers: new Map() });
  });
});
