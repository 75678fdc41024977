import { constants } from "node:os";
import { TsdError } from "../../errors/tsd-error.js";
import { boundaryOperation, type Step } from "../boundary-operation.js";
import { errnoName, kernelError } from "../errno.js";
import { libc } from "../libc.js";
import { inNetns } from "../netns/netns.js";
import { type Acknowledgement, decodeAcknowledgement, decodeDone } from "./acknowledgement.js";
import { decodeMessages, type NetlinkMessage } from "./message.js";
import type { MessageBatch } from "./message-batch.js";
import {
  NETLINK_NETFILTER,
  NFNL_MSG_BATCH_BEGIN,
  NFNL_MSG_BATCH_END,
  NLM_F_ACK,
  NLM_F_DUMP,
  NLM_F_DUMP_INTR,
  NLMSG_DONE,
  NLMSG_ERROR,
} from "./protocol.js";
import { openDescriptor, raiseSendBuffer } from "./socket-options.js";

/** A message that the kernel refused. */
export interface NetlinkFailure extends Acknowledgement {
  /** Which message of the batch. */
  readonly index: number;
}

export interface Exchange {
  /** What the kernel sent beside acknowledgements: replies to GET requests and echoes. */
  readonly replies: readonly NetlinkMessage[];
  /** In the order of the batch. The kernel goes on after a failure, so there may be several. */
  readonly failures: readonly NetlinkFailure[];
}

/** MSG_TRUNC of <sys/socket.h>: recv returns the real length of a datagram that was cut. */
const MSG_TRUNC = 0x20;
/** The kernel sizes dump datagrams by the largest buffer that it saw, up to 32 KiB. */
const RECEIVE_LENGTH = 0x10000;
const MAX_DUMPS = 8;
/** <linux/sockios.h>, <linux/if.h>: a name, then what is asked for. */
const SIOCGIFINDEX = 0x8933;
const IFNAMSIZ = 16;
const IFREQ_LENGTH = 40;

/** One for all sockets of the thread: every exchange is synchronous and leaves nothing in it. */
const receiveBuffer = Buffer.allocUnsafeSlow(RECEIVE_LENGTH);

/**
 * A netlink(7) socket. It belongs for life to the namespace that it was opened in. Every verb is synchronous, since the
 * kernel replies within the call; a fault in the middle of an exchange closes the socket.
 */
export class NetlinkSocket implements Disposable {
  private descriptor: number | undefined;
  private sequence = 0;

  /** `protocol` is NETLINK_ROUTE or NETLINK_NETFILTER; `netns` as {@link inNetns} takes it, default the caller's. */
  constructor(
    private readonly protocol: number,
    netns?: string | number,
  ) {
    const open = () => openDescriptor(protocol);
    this.descriptor = netns === undefined ? open() : inNetns(netns, open);
  }

  get isOpen(): boolean {
    return this.descriptor !== undefined;
  }

  /**
   * Sends the whole batch at once and collects what comes back. Only the last message asks for an acknowledgement:
   * refusals always answer, and one answer per message would overflow the receive buffer at some 250 messages. `told` is
   * for those who watch.
   */
  exchange(batch: MessageBatch, told: Omit<Step, "into"> = { what: () => `${batch.count} requests` }): Exchange {
    if (batch.count === 0) return { replies: [], failures: [] };
    return boundaryOperation(
      { into: "netlink", ...told },
      () => this.converse(batch),
      ({ failures: [failure] }) => failure && `refused: ${errnoName(failure.errno)}`,
    );
  }

  private converse(batch: MessageBatch): Exchange {
    const first = this.sequence + 1;
    const awaited = this.transmit(batch, NLM_F_ACK);
    const replies: NetlinkMessage[] = [];
    const failures: NetlinkFailure[] = [];
    for (;;) {
      for (const message of this.receive()) {
        const index = message.sequence - first;
        if (index < 0 || index >= batch.count) continue;
        if (message.type !== NLMSG_ERROR) {
          replies.push({ ...message, payload: Buffer.from(message.payload) });
          continue;
        }
        const outcome = decodeAcknowledgement(message);
        if (outcome.errno !== 0) failures.push({ index, ...outcome });
        // For a transaction of nfnetlink that fails as a whole the kernel replies to its first message, and nothing else
        // follows.
        if (message.sequence === awaited || (index === 0 && this.protocol === NETLINK_NETFILTER)) {
          return { replies, failures };
        }
      }
    }
  }

  /** Sends the one request of `batch` and returns every object. Throws `kernel` where the kernel refuses. */
  dump(batch: MessageBatch, what: string): readonly NetlinkMessage[] {
    const told: Step = { into: "netlink", reads: true, what: () => `list ${what}` };
    for (let attempt = 0; attempt < MAX_DUMPS; attempt++) {
      const dump = boundaryOperation(told, () => this.dumpOnce(batch, what));
      if (dump !== undefined) return dump;
    }
    throw new TsdError({
      kind: "kernel",
      code: "TSD_NETLINK_UNSTABLE",
      message: `cannot list ${what}: they changed during each of ${MAX_DUMPS} attempts`,
      hint: "Try again when fewer changes are under way.",
      details: { what },
    });
  }

  /** The index of a link in the socket's namespace by its name, see netdevice(7); undefined where none has it. */
  linkIndex(name: string): number | undefined {
    const request = Buffer.alloc(IFREQ_LENGTH);
    request.write(name, 0, IFNAMSIZ - 1);
    const told: Step = { into: "netlink", reads: true, what: () => `look up link ${name}` };
    return boundaryOperation(told, () => {
      if (libc().ioctl(this.open(), SIOCGIFINDEX, request) === 0) return request.readInt32LE(IFNAMSIZ);
      const errno = libc().errno();
      if (errno === constants.errno.ENODEV) return undefined;
      throw kernelError({ operation: "look up link", object: name, errno });
    });
  }

  close(): void {
    if (this.descriptor !== undefined) libc().close(this.descriptor);
    this.descriptor = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Undefined where the kernel says that the objects changed meanwhile (NLM_F_DUMP_INTR). */
  private dumpOnce(batch: MessageBatch, what: string): readonly NetlinkMessage[] | undefined {
    const awaited = this.transmit(batch, NLM_F_DUMP);
    const objects: NetlinkMessage[] = [];
    let interrupted = false;
    for (;;) {
      for (const message of this.receive()) {
        if (message.sequence !== awaited) continue;
        interrupted ||= (message.flags & NLM_F_DUMP_INTR) !== 0;
        if (message.type !== NLMSG_DONE && message.type !== NLMSG_ERROR) {
          objects.push({ ...message, payload: Buffer.from(message.payload) });
          continue;
        }
        const outcome = message.type === NLMSG_DONE ? decodeDone(message) : decodeAcknowledgement(message);
        if (outcome.errno !== 0) throw kernelError({ operation: "list", object: what, ...outcome });
        return interrupted ? undefined : objects;
      }
    }
  }

  /** Numbers the messages, adds `flags` to the last one, sends all, and returns that one's number. */
  private transmit(batch: MessageBatch, flags: number): number {
    const datagram = batch.encode();
    const { offsets } = batch;
    for (const offset of offsets) datagram.writeUInt32LE(++this.sequence, offset + 8);
    const last = offsets.findLastIndex((offset) => !this.isControl(datagram.readUInt16LE(offset + 4)));
    const at = offsets[last] ?? 0;
    datagram.writeUInt16LE(datagram.readUInt16LE(at + 6) | flags, at + 6);
    this.send(datagram);
    return datagram.readUInt32LE(at + 8);
  }

  /** BATCH_BEGIN and BATCH_END are acknowledged only by recent kernels. rtnetlink uses the same numbers otherwise. */
  private isControl(type: number): boolean {
    return this.protocol === NETLINK_NETFILTER && (type === NFNL_MSG_BATCH_BEGIN || type === NFNL_MSG_BATCH_END);
  }

  private send(datagram: Buffer): void {
    const { EINTR, EMSGSIZE } = constants.errno;
    const descriptor = this.open();
    let raised = false;
    while (libc().send(descriptor, datagram, datagram.length, 0) < 0) {
      const errno = libc().errno();
      if (errno === EINTR) continue;
      if (errno !== EMSGSIZE || raised) throw this.fault("send to", errno);
      raiseSendBuffer(descriptor, datagram.length);
      raised = true;
    }
  }

  /** Views of the buffer, which are good until the next call. */
  private receive(): readonly NetlinkMessage[] {
    const descriptor = this.open();
    for (;;) {
      const length = libc().recv(descriptor, receiveBuffer, RECEIVE_LENGTH, MSG_TRUNC);
      if (length > RECEIVE_LENGTH) throw this.fault("receive from", constants.errno.EMSGSIZE);
      if (length >= 0) return decodeMessages(receiveBuffer.subarray(0, length));
      const errno = libc().errno();
      if (errno !== constants.errno.EINTR) throw this.fault("receive from", errno);
    }
  }

  private open(): number {
    if (this.descriptor === undefined) throw new Error("the netlink socket is closed");
    return this.descriptor;
  }

  /** What is still queued would be taken for the answer to the next request, so the socket ends here. */
  private fault(operation: string, errno: number): TsdError {
    this.close();
    return kernelError({ operation: `${operation} the kernel's netlink socket`, errno });
  }
}
