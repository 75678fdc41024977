import { readdirSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { Attributes } from "../../../src/kernel/netlink/attributes.js";
import { MessageBatch } from "../../../src/kernel/netlink/message-batch.js";
import { NetlinkSocket } from "../../../src/kernel/netlink/netlink-socket.js";
import { NETLINK_NETFILTER, NETLINK_ROUTE, NLM_F_CREATE, NLM_F_EXCL } from "../../../src/kernel/netlink/protocol.js";
import { enterWorld, leaveWorld } from "./world.js";

/** <linux/rtnetlink.h>, <linux/if_link.h>. */
const RTM_NEWLINK = 16;
const RTM_GETLINK = 18;
const IFLA_IFNAME = 3;
const IFLA_LINKINFO = 18;
/** <linux/netfilter/nfnetlink.h>, <linux/netfilter/nf_tables.h>. */
const BATCH_BEGIN = 0x10;
const BATCH_END = 0x11;
const NFT_NEWTABLE = 10 << 8;
const NFT_GETTABLE = (10 << 8) | 1;
const NFT_NEWCHAIN = (10 << 8) | 3;
const NFTA_TABLE_NAME = 1;
const NFTA_CHAIN_TABLE = 1;
const NFTA_CHAIN_NAME = 3;

const ifinfomsg = Buffer.alloc(16);
/** nfgenmsg: family inet, version 0, resource id in network order. */
const nfgenmsg = (resource: number) => Buffer.from([1, 0, resource >> 8, resource & 0xff]);
const batchMark = Buffer.from([0, 0, 0, 10]);

beforeAll(() => enterWorld());
afterAll(() => leaveWorld());

const sockets: NetlinkSocket[] = [];
function open(protocol: number): NetlinkSocket {
  const socket = new NetlinkSocket(protocol);
  sockets.push(socket);
  return socket;
}
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

function addBridge(batch: MessageBatch, name: string, kind = "bridge"): void {
  batch.begin(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, ifinfomsg).string(IFLA_IFNAME, name);
  batch.nested(IFLA_LINKINFO, () => batch.string(1, kind));
}

function linkNames(socket: NetlinkSocket): readonly (string | undefined)[] {
  const messages = socket.dump(new MessageBatch().begin(RTM_GETLINK, 0, ifinfomsg), "links");
  return messages.map(({ payload }) => Attributes.decode(payload, ifinfomsg.length).string(IFLA_IFNAME));
}

describe("route family", () => {
  test("a batch goes on after a refusal, and each refusal names its message and the kernel's reason", () => {
    const socket = open(NETLINK_ROUTE);
    const batch = new MessageBatch();
    addBridge(batch, "batch0");
    addBridge(batch, "batch1", "nonsense");
    addBridge(batch, "batch0");
    addBridge(batch, "batch3");
    const { failures } = socket.exchange(batch);
    expect(failures).toEqual([
      { index: 1, errno: 95, reason: "Unknown device type" },
      expect.objectContaining({ index: 2, errno: 17 }),
    ]);
    expect(linkNames(socket)).toEqual(expect.arrayContaining(["batch0", "batch3"]));
  });

  test("a thousand refusals all arrive", () => {
    const socket = open(NETLINK_ROUTE);
    const batch = new MessageBatch();
    for (let count = 0; count < 1000; count++) addBridge(batch, "lo");
    expect(socket.exchange(batch).failures).toHaveLength(1000);
  });

  test("a dump of several datagrams is whole", () => {
    const socket = open(NETLINK_ROUTE);
    const batch = new MessageBatch();
    const names = Array.from({ length: 60 }, (_, index) => `many${index}`);
    for (const name of names) addBridge(batch, name);
    expect(socket.exchange(batch).failures).toEqual([]);
    expect(linkNames(socket)).toEqual(expect.arrayContaining(names));
  });

  test("a request and its answer", () => {
    const socket = open(NETLINK_ROUTE);
    const { replies } = socket.exchange(new MessageBatch().begin(RTM_GETLINK, 0, ifinfomsg).string(IFLA_IFNAME, "lo"));
    expect(replies.map(({ payload }) => payload.readInt32LE(4))).toEqual([1]);
  });

  test("a dump that the kernel refuses says what was asked", () => {
    const socket = open(NETLINK_ROUTE);
    const header = Buffer.alloc(16, 0xff);
    expect(() => socket.dump(new MessageBatch().begin(RTM_GETLINK, 0, header), "links")).toThrow(
      /^cannot list links: /,
    );
    expect(linkNames(socket)).toContain("lo");
  });
});

describe("netfilter family", () => {
  const transaction = (fill: (batch: MessageBatch) => void): MessageBatch => {
    const batch = new MessageBatch().begin(BATCH_BEGIN, 0, batchMark);
    fill(batch);
    return batch.begin(BATCH_END, 0, batchMark);
  };
  const addTable = (batch: MessageBatch, name: string) =>
    batch.begin(NFT_NEWTABLE, NLM_F_CREATE | NLM_F_EXCL, nfgenmsg(0)).string(NFTA_TABLE_NAME, name);
  const tables = (socket: NetlinkSocket) =>
    socket
      .dump(new MessageBatch().begin(NFT_GETTABLE, 0, nfgenmsg(0)), "tables")
      .map(({ payload }) => Attributes.decode(payload, 4).string(NFTA_TABLE_NAME));

  test("a transaction is applied whole", () => {
    const socket = open(NETLINK_NETFILTER);
    const batch = transaction((messages) => {
      addTable(messages, "one");
      addTable(messages, "two");
    });
    expect(socket.exchange(batch).failures).toEqual([]);
    expect(tables(socket)).toEqual(expect.arrayContaining(["one", "two"]));
  });

  test("a transaction with one bad message is not applied, and the bad one is named", () => {
    const socket = open(NETLINK_NETFILTER);
    const batch = transaction((messages) => {
      addTable(messages, "three");
      messages.begin(NFT_NEWCHAIN, NLM_F_CREATE, nfgenmsg(0));
      messages.string(NFTA_CHAIN_TABLE, "absent").string(NFTA_CHAIN_NAME, "c");
      addTable(messages, "four");
    });
    expect(socket.exchange(batch).failures).toEqual([expect.objectContaining({ index: 2, errno: 2 })]);
    expect(tables(socket)).not.toContain("three");
  });

  test("a batch for an unknown subsystem fails at its first message instead of waiting for the last", () => {
    const socket = open(NETLINK_NETFILTER);
    const batch = new MessageBatch().begin(BATCH_BEGIN, 0, Buffer.from([0, 0, 0, 99]));
    addTable(batch, "five");
    batch.begin(BATCH_END, 0, batchMark);
    expect(socket.exchange(batch).failures).toEqual([expect.objectContaining({ index: 0 })]);
  });

  test("a transaction larger than the send buffer goes through", () => {
    const socket = open(NETLINK_NETFILTER);
    const batch = transaction((messages) => {
      for (let index = 0; index < 5000; index++) {
        messages
          .begin(NFT_NEWTABLE, NLM_F_CREATE, nfgenmsg(0))
          .string(NFTA_TABLE_NAME, `large-${"x".repeat(64)}-${index % 3}`);
      }
    });
    expect(batch.encode().length).toBeGreaterThan(400_000);
    expect(socket.exchange(batch).failures).toEqual([]);
  });
});

test("a closed socket is closed, twice too", () => {
  const before = readdirSync("/proc/self/fd").length;
  const socket = new NetlinkSocket(NETLINK_ROUTE);
  expect(readdirSync("/proc/self/fd")).toHaveLength(before + 1);
  socket.close();
  socket.close();
  expect(readdirSync("/proc/self/fd")).toHaveLength(before);
  expect(socket.isOpen).toBe(false);
});
