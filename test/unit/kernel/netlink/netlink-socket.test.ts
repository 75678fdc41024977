import { constants } from "node:os";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { libc } from "../../../../src/kernel/libc.js";
import { MessageBatch } from "../../../../src/kernel/netlink/message-batch.js";
import { NetlinkSocket } from "../../../../src/kernel/netlink/netlink-socket.js";
import { NETLINK_ROUTE, NLM_F_ACK, NLM_F_DUMP_INTR } from "../../../../src/kernel/netlink/protocol.js";

const { EINTR, EAGAIN, EMSGSIZE } = constants.errno;
const OBJECT = 16;
const ERROR = 2;
const DONE = 3;

/** What the kernel would send: a datagram, an errno, or a length that is more than the buffer. */
type Answer = Buffer | { readonly errno: number } | { readonly length: number };

const real = { ...libc() };
let replies: Answer[];
let sent: Buffer[];
let sendErrors: number[];
let closed: number[];
let raised: number[];

beforeEach(() => {
  [replies, sent, sendErrors, closed, raised] = [[], [], [], [], []];
  let errno = 0;
  const fail = (value: number) => {
    errno = value;
    return -1;
  };
  Object.assign(libc(), {
    socket: () => 99,
    setsockopt: (_fd: number, _level: number, option: number, value: Buffer) => {
      if (option === 32) raised.push(value.readInt32LE());
      return 0;
    },
    close: (fd: number) => closed.push(fd),
    send: (_fd: number, data: Buffer) => {
      const error = sendErrors.shift();
      if (error !== undefined) return fail(error);
      sent.push(Buffer.from(data));
      return data.length;
    },
    recv: (_fd: number, buffer: Buffer) => {
      const answer = replies.shift();
      if (answer === undefined) throw new Error("the socket waits for more than the kernel sends");
      if (Buffer.isBuffer(answer)) return answer.copy(buffer);
      return "length" in answer ? answer.length : fail(answer.errno);
    },
    errno: () => errno,
  });
});
afterEach(() => {
  Object.assign(libc(), real);
});

/** Messages of type, sequence, flags; the payload is four zero bytes and a header, hence success in ERROR and DONE. */
function datagram(...messages: readonly (readonly [type: number, sequence: number, flags?: number])[]): Buffer {
  const batch = new MessageBatch();
  for (const [type] of messages) batch.begin(type, 0, Buffer.alloc(20));
  const bytes = Buffer.from(batch.encode());
  messages.forEach(([, sequence, flags = 0], index) => {
    bytes.writeUInt16LE(flags, (batch.offsets[index] ?? 0) + 6);
    bytes.writeUInt32LE(sequence, (batch.offsets[index] ?? 0) + 8);
  });
  return bytes;
}

const request = () => new MessageBatch().begin(18, 0, Buffer.alloc(16));

describe("dump", () => {
  test("joins datagrams until the end, through interrupted calls", () => {
    replies = [datagram([OBJECT, 1], [OBJECT, 1]), { errno: EINTR }, datagram([OBJECT, 1]), datagram([DONE, 1])];
    sendErrors = [EINTR];
    expect(new NetlinkSocket(NETLINK_ROUTE).dump(request(), "links")).toHaveLength(3);
    expect(replies).toEqual([]);
  });

  test("starts again when the kernel says that the list changed meanwhile", () => {
    replies = [
      datagram([OBJECT, 1, NLM_F_DUMP_INTR]),
      datagram([DONE, 1]),
      datagram([OBJECT, 2], [OBJECT, 2], [DONE, 2]),
    ];
    expect(new NetlinkSocket(NETLINK_ROUTE).dump(request(), "links")).toHaveLength(2);
    expect(sent).toHaveLength(2);
  });

  test("gives up in words when it changes every time", () => {
    replies = Array.from({ length: 8 }, (_, index) => datagram([DONE, index + 1, NLM_F_DUMP_INTR]));
    expect(() => new NetlinkSocket(NETLINK_ROUTE).dump(request(), "links")).toThrow(
      expect.objectContaining({
        code: "TSD_NETLINK_UNSTABLE",
        message: "cannot list links: they changed during each of 8 attempts",
      }),
    );
  });

  test("takes no answer to another question", () => {
    replies = [datagram([OBJECT, 77], [DONE, 77], [OBJECT, 1]), datagram([DONE, 1])];
    expect(new NetlinkSocket(NETLINK_ROUTE).dump(request(), "links")).toHaveLength(1);
  });
});

describe("exchange", () => {
  test("asks for an acknowledgement at the last message only, and numbers them on", () => {
    const socket = new NetlinkSocket(NETLINK_ROUTE);
    replies = [datagram([ERROR, 2]), datagram([ERROR, 4])];
    for (let round = 0; round < 2; round++) socket.exchange(request().begin(18, 0, Buffer.alloc(16)));
    const heads = sent.map((bytes) =>
      [0, 32].map((at) => [bytes.readUInt16LE(at + 6) & NLM_F_ACK, bytes.readUInt32LE(at + 8)]),
    );
    expect(heads).toEqual([
      [
        [0, 1],
        [NLM_F_ACK, 2],
      ],
      [
        [0, 3],
        [NLM_F_ACK, 4],
      ],
    ]);
  });

  test("of nothing sends nothing", () => {
    expect(new NetlinkSocket(NETLINK_ROUTE).exchange(new MessageBatch())).toEqual({ replies: [], failures: [] });
    expect(sent).toEqual([]);
  });

  test("enlarges the send buffer once for a datagram that does not fit", () => {
    sendErrors = [EMSGSIZE];
    replies = [datagram([ERROR, 1])];
    new NetlinkSocket(NETLINK_ROUTE).exchange(request());
    expect(raised).toEqual([64]);
    sendErrors = [EMSGSIZE, EMSGSIZE];
    expect(() => new NetlinkSocket(NETLINK_ROUTE).exchange(request())).toThrow(/EMSGSIZE/);
  });

  test.each([
    ["silence", { errno: EAGAIN }, /EAGAIN/],
    ["a datagram that was cut", { length: 70_000 }, /EMSGSIZE/],
  ])("%s is an error, and closes the socket, since replies may still be queued", (_, answer, message) => {
    const socket = new NetlinkSocket(NETLINK_ROUTE);
    replies = [answer];
    expect(() => socket.exchange(request())).toThrow(message);
    expect([socket.isOpen, closed]).toEqual([false, [99]]);
    expect(() => socket.exchange(request())).toThrow("the netlink socket is closed");
  });
});
