import { expect, test } from "@jest/globals";
import { MessageBatch } from "../../../src/kernel/netlink/message-batch.js";
import {
  IPS_DST_NAT,
  IPS_SRC_NAT,
  isForKernel,
  writeFlowDeletion,
  writeFlowDump,
} from "../../../src/nat/flow-filter.js";

function words(filter: Parameters<typeof writeFlowDeletion>[1]): string {
  const batch = new MessageBatch();
  writeFlowDeletion(batch, filter);
  return batch
    .encode()
    .toString("hex")
    .replace(/(.{8})(?=.)/g, "$1 ");
}

test("udp flows to port 53 that nobody masquerades", () => {
  const header = "60000000 02010100 00000000 00000000 02010000";
  const original = "18000180 14000280 05000100 11000000 06000300 00350000";
  const reply = "10000280 0c000280 05000100 11000000";
  const status = "08000300 00000000 08001a00 00000010";
  const flags = "14001980 08000100 28000000 08000200 08000000";
  const status0 = { mask: IPS_SRC_NAT, value: 0 };
  expect(words({ family: 4, protocol: 17, destination: { port: 53 }, status: status0 })).toBe(
    [header, original, reply, status, flags].join(" "),
  );
});

const translated = { mask: IPS_DST_NAT, value: IPS_DST_NAT };

test("udp flows that were led to a container, by IPv4 address", () => {
  const text = words({ family: 4, protocol: 17, responder: "10.0.0.2", status: translated });
  expect(text).toContain("0c000180 08000100 0a000002");
  expect(text).toContain("08000300 00000020 08001a00 00000020");
  expect(text.endsWith("08000100 08000000 08000200 09000000")).toBe(true);
});

test("the kernel is not trusted with IPv6 addresses, nor shown them", () => {
  const filter = {
    family: 6,
    protocol: 17,
    responder: "fd00::2",
    destination: { port: 53 },
    status: translated,
  } as const;
  expect(isForKernel(filter)).toBe(false);
  expect(isForKernel({ ...filter, family: 4, responder: "10.0.0.2" })).toBe(true);
  expect(isForKernel({ family: 6, protocol: 17, destination: { port: 53 }, status: translated })).toBe(true);
  const batch = new MessageBatch();
  writeFlowDump(batch, filter);
  const text = batch.encode().toString("hex");
  expect(text).not.toContain("fd00");
  expect(text).toContain("06000300" + "0035");
});
