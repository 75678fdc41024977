import { kernelError } from "../errno.js";
import { libc } from "../libc.js";
import { AF_NETLINK, SOCK_CLOEXEC, SOCK_RAW, SOL_SOCKET } from "../socket-constants.js";
import { NETLINK_ROUTE } from "./protocol.js";

/** <asm/socket.h>, x86 and ARM. */
const SO_RCVTIMEO = 20;
const SO_SNDBUFFORCE = 32;
const SO_RCVBUFFORCE = 33;
/** <linux/netlink.h>, <linux/socket.h>. */
const SOL_NETLINK = 270;
const NETLINK_CAP_ACK = 10;
const NETLINK_EXT_ACK = 11;
const NETLINK_GET_STRICT_CHK = 12;

/** Refusals of a batch queue up here, some 800 bytes each by the kernel's accounting. */
const RECEIVE_BUFFER = 4 << 20;
/** The kernel replies before send returns; a wait this long means that it never will. */
const RECEIVE_TIMEOUT_SECONDS = 10;
/** `struct timeval`: seconds, microseconds. */
const receiveTimeout = Buffer.from(BigInt64Array.of(BigInt(RECEIVE_TIMEOUT_SECONDS), 0n).buffer);

/** Opens a netlink socket in the calling thread's namespace. Throws `kernel` or `permission`. */
export function openDescriptor(protocol: number): number {
  const descriptor = libc().socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
  if (descriptor < 0) throw kernelError({ operation: "open a netlink socket", errno: libc().errno() });
  // None is vital: older kernels answer with less detail, an unprivileged caller gets a smaller buffer.
  setNumber(descriptor, SOL_NETLINK, NETLINK_CAP_ACK, 1);
  setNumber(descriptor, SOL_NETLINK, NETLINK_EXT_ACK, 1);
  if (protocol === NETLINK_ROUTE) setNumber(descriptor, SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
  setNumber(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER);
  libc().setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, receiveTimeout, receiveTimeout.length);
  return descriptor;
}

/** Makes room for one datagram of `length` bytes, which the default send buffer (some 200 KiB) refuses. */
export function raiseSendBuffer(descriptor: number, length: number): void {
  setNumber(descriptor, SOL_SOCKET, SO_SNDBUFFORCE, length * 2);
}

/** One for all calls, none of which keeps it. */
const number = Buffer.alloc(4);

function setNumber(descriptor: number, level: number, option: number, value: number): void {
  number.writeInt32LE(value);
  libc().setsockopt(descriptor, level, option, number, number.length);
}
