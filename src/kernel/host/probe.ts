import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { getSystemErrorMessage } from "node:util";
import type { ProbeFact } from "../../api/index.js";
import type { ProbePacket } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { boundaryOperation } from "../boundary-operation.js";
import { kernelError } from "../errno.js";
import { libc } from "../libc.js";
import { inNetns } from "../netns/netns.js";
import { parseAddress } from "../rtnetlink/messages/ip-prefix.js";
import {
  AF_INET,
  AF_INET6,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_RAW,
  SOCK_STREAM,
} from "../socket-constants.js";
import { echoRequest, isEchoReply } from "./echo.js";
import { encodeSocketAddress } from "./socket-address.js";

/** Milliseconds that a reply may take, and between two looks for it. */
const patience = 3000;
const interval = 10;

/** <netinet/in.h>: socket types and protocol numbers. */
const kinds = {
  tcp: { type: SOCK_STREAM, protocol: 6 },
  udp: { type: SOCK_DGRAM, protocol: 17 },
  sctp: { type: SOCK_STREAM, protocol: 132 },
} as const;
const icmp = { 4: 1, 6: 58 } as const;

const { EAGAIN, EALREADY, ECONNREFUSED, EINPROGRESS, ENOBUFS, EPROTONOSUPPORT } = constants.errno;

/**
 * Sends one packet from a namespace, and waits for what comes back, without blocking the thread: a socket belongs to the
 * namespace that it was made in.
 */
export function probe(packet: ProbePacket): Promise<ProbeFact> {
  const { protocol, address, port, netns } = packet;
  const what = () =>
    `${protocol} to ${address}${port === undefined ? "" : ` port ${port}`} from ${netns ?? "the host"}`;
  return boundaryOperation({ into: "netns", what, reads: true }, async () => {
    const bytes = parseAddress(address);
    const descriptor = netns === undefined ? open(packet, bytes) : inNetns(netns, () => open(packet, bytes));
    try {
      const target = encodeSocketAddress(bytes, port ?? 0);
      return protocol === "tcp" || protocol === "sctp"
        ? await connect(descriptor, target)
        : await exchange(descriptor, target, { bytes, isPing: protocol === "ping" });
    } finally {
      libc().close(descriptor);
    }
  });
}

function open({ protocol }: ProbePacket, bytes: Buffer): number {
  const family = bytes.length === 4 ? AF_INET : AF_INET6;
  const kind = protocol === "ping" ? { type: SOCK_RAW, protocol: icmp[bytes.length === 4 ? 4 : 6] } : kinds[protocol];
  const descriptor = libc().socket(family, kind.type | SOCK_CLOEXEC | SOCK_NONBLOCK, kind.protocol);
  if (descriptor >= 0) return descriptor;
  const errno = libc().errno();
  if (errno !== EPROTONOSUPPORT) throw kernelError({ operation: "open a socket", errno });
  throw new TsdError({
    kind: "unsupported",
    code: "TSD_PROTOCOL_UNSUPPORTED",
    message: `this kernel has no ${protocol}, so no packet of it can be sent`,
    hint: `Load it: modprobe ${protocol}`,
  });
}

/** A second connect(2) reports what has become of the first. */
async function connect(descriptor: number, target: Buffer): Promise<ProbeFact> {
  return await untilReply(() => {
    if (libc().connect(descriptor, target, target.length) === 0) return { outcome: "open" };
    const errno = libc().errno();
    return errno === EINPROGRESS || errno === EALREADY || errno === EAGAIN ? undefined : failure(errno);
  });
}

async function exchange(
  descriptor: number,
  target: Buffer,
  { bytes, isPing }: { readonly bytes: Buffer; readonly isPing: boolean },
): Promise<ProbeFact> {
  // Connected, it gets the errors that come back by ICMP, and packets from nobody else.
  if (libc().connect(descriptor, target, target.length) < 0) return failure(libc().errno());
  const family = bytes.length === 4 ? 4 : 6;
  const request = isPing ? echoRequest(family) : Buffer.from("tsd probe\n");
  if (Number(libc().send(descriptor, request, request.length, 0)) < 0) return failure(libc().errno());
  const reply = Buffer.alloc(65_536);
  return await untilReply(() => {
    const length = Number(libc().recv(descriptor, reply, reply.length, 0));
    if (length < 0) {
      const errno = libc().errno();
      return errno === EAGAIN || errno === ENOBUFS ? undefined : failure(errno);
    }
    return !isPing || isEchoReply(family, reply.subarray(0, length), request) ? { outcome: "reply" } : undefined;
  });
}

async function untilReply(look: () => ProbeFact | undefined): Promise<ProbeFact> {
  for (let waited = 0; waited < patience; waited += interval) {
    const fact = look();
    if (fact !== undefined) return fact;
    await sleep(interval);
  }
  return { outcome: "silence" };
}

function failure(errno: number): ProbeFact {
  if (errno === constants.errno.ETIMEDOUT) return { outcome: "silence" };
  const outcome = errno === ECONNREFUSED ? "refused" : "unreachable";
  return { outcome, detail: getSystemErrorMessage(-errno) };
}
