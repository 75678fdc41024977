import { constants } from "node:os";
import type { Protocol } from "../../api/intent.js";
import type { HostPort } from "../../contracts/index.js";
import { kernelError } from "../errno.js";
import { libc } from "../libc.js";
import { parseAddress } from "../rtnetlink/messages/ip-prefix.js";
import { AF_INET, AF_INET6, SOCK_CLOEXEC, SOCK_DGRAM, SOCK_STREAM, SOL_SOCKET } from "../socket-constants.js";
import { encodeSocketAddress } from "./socket-address.js";

/** <asm/socket.h>, <netinet/in.h>. */
const SO_REUSEADDR = 2;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;
const transports: Readonly<Record<Protocol, { readonly type: number; readonly number: number }>> = {
  tcp: { type: SOCK_STREAM, number: 6 },
  udp: { type: SOCK_DGRAM, number: 17 },
  sctp: { type: SOCK_STREAM, number: 132 },
};
const enabled = Buffer.from([1, 0, 0, 0]);

/**
 * Errno of a bind to the port on the host, or undefined where it succeeds: EADDRINUSE where a process holds it,
 * EADDRNOTAVAIL where the host has not the address. Without an address, both families' wildcards are tried. A TCP
 * connection that lingers in TIME_WAIT does not hold its port, just as for any server that starts again. A protocol that
 * the kernel lacks has no listeners, so all of its ports are free. Throws `permission` below 1024 for the unprivileged.
 */
export function probePort({ protocol, hostAddress, hostPort }: HostPort): number | undefined {
  if (hostAddress !== undefined) return tryBind(protocol, parseAddress(hostAddress), hostPort);
  return tryBind(protocol, Buffer.alloc(4), hostPort) ?? tryBind(protocol, Buffer.alloc(16), hostPort);
}

function tryBind(protocol: Protocol, address: Buffer, port: number): number | undefined {
  const transport = transports[protocol];
  const family = address.length === 4 ? AF_INET : AF_INET6;
  const descriptor = libc().socket(family, transport.type | SOCK_CLOEXEC, transport.number);
  if (descriptor < 0) return unlessUnsupported(libc().errno());
  try {
    // For UDP it would allow a second socket on a port that is in use.
    if (protocol !== "udp") libc().setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, enabled, enabled.length);
    if (family === AF_INET6) libc().setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, enabled, enabled.length);
    const sockaddr = encodeSocketAddress(address, port);
    if (libc().bind(descriptor, sockaddr, sockaddr.length) === 0) return undefined;
    const errno = libc().errno();
    if (errno !== constants.errno.EACCES) return errno;
    throw kernelError({ operation: "bind", object: `${protocol} port ${port}`, errno });
  } finally {
    libc().close(descriptor);
  }
}

function unlessUnsupported(errno: number): undefined {
  const { EPROTONOSUPPORT, EAFNOSUPPORT, ESOCKTNOSUPPORT } = { ESOCKTNOSUPPORT: 94, ...constants.errno };
  if (errno === EPROTONOSUPPORT || errno === EAFNOSUPPORT || errno === ESOCKTNOSUPPORT) return undefined;
  throw kernelError({ operation: "open a socket", errno });
}
