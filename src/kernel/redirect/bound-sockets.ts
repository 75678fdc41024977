import { kernelError } from "../errno.js";
import { libc } from "../libc.js";
import { AF_INET, SOCK_CLOEXEC, SOCK_DGRAM, SOCK_NONBLOCK, SOCK_STREAM, SOL_SOCKET } from "../socket-constants.js";
import type { Ports } from "./redirect.js";

/** Descriptors of a UDP socket that is bound and a TCP socket that listens, which the caller closes. */
export interface BoundSockets {
  readonly udp: number;
  readonly tcp: number;
  readonly ports: Ports;
}

/** `struct sockaddr_in`: family u16, port u16 in network order, address of 4 bytes, padding. */
const SOCKADDR_LENGTH = 16;
const PORT_AT = 2;
const ADDRESS_AT = 4;
/** The kernel takes its own limit, net.core.somaxconn of the namespace, where that is less. */
const BACKLOG = 511;
/** <asm-generic/socket.h>. */
const SO_SNDBUF = 7;
const SO_RCVBUF = 8;
/** Octets that the kernel holds of one connection, either way: otherwise it grows them to megabytes for a client that does not read. */
const HELD_OCTETS = 1 << 16;

/**
 * Opens sockets of both protocols at an IPv4 address of the calling thread's namespace, on ports that the kernel chooses or on `port`.
 * Throws `kernel`.
 */
export function openSockets(address: Uint8Array, port = 0): BoundSockets {
  const udp = bound(SOCK_DGRAM, address, port);
  try {
    const tcp = bound(SOCK_STREAM, address, port);
    try {
      // Connections inherit them.
      for (const option of [SO_SNDBUF, SO_RCVBUF]) holdOctets(tcp, option);
      check(libc().listen(tcp, BACKLOG), "listen on a socket");
      return { udp, tcp, ports: { udp: portOf(udp), tcp: portOf(tcp) } };
    } catch (error) {
      libc().close(tcp);
      throw error;
    }
  } catch (error) {
    libc().close(udp);
    throw error;
  }
}

function bound(type: number, address: Uint8Array, port: number): number {
  const descriptor = libc().socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  check(descriptor, "open a socket");
  const name = Buffer.alloc(SOCKADDR_LENGTH);
  name.writeUInt16LE(AF_INET);
  name.writeUInt16BE(port, PORT_AT);
  name.set(address, ADDRESS_AT);
  try {
    check(libc().bind(descriptor, name, name.length), "bind a socket");
    return descriptor;
  } catch (error) {
    libc().close(descriptor);
    throw error;
  }
}

function holdOctets(descriptor: number, option: number): void {
  const value = Buffer.from(Int32Array.of(HELD_OCTETS).buffer);
  check(libc().setsockopt(descriptor, SOL_SOCKET, option, value, value.length), "bound the buffer of a socket");
}

function portOf(descriptor: number): number {
  const name = Buffer.alloc(SOCKADDR_LENGTH);
  const length = Buffer.from(Uint32Array.of(name.length).buffer);
  check(libc().getsockname(descriptor, name, length), "read the name of a socket");
  return name.readUInt16BE(PORT_AT);
}

function check(result: number, operation: string): void {
  if (result >= 0) return;
  throw kernelError({ operation, errno: libc().errno() });
}
