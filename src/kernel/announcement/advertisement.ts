import { constants } from "node:os";
import { boundaryOperation } from "../boundary-operation.js";
import { kernelError } from "../errno.js";
import { libc } from "../libc.js";
import { parseAddress } from "../rtnetlink/messages/ip-prefix.js";
import { parseMac } from "../rtnetlink/messages/link.js";
import { AF_INET6, SOCK_CLOEXEC, SOCK_RAW } from "../socket-constants.js";

/** <linux/in6.h>. */
const IPPROTO_IPV6 = 41;
const IPPROTO_ICMPV6 = 58;
const IPV6_MULTICAST_HOPS = 18;
/** `struct sockaddr_in6`: family u16, port u16, flow u32, address of 16 bytes, index of the link u32. */
const SOCKADDR_LENGTH = 28;
const ADDRESS_AT = 8;
const LINK_AT = 24;
/** `ff02::1`, all nodes on the link. */
const ALL_NODES = Buffer.from("ff020000000000000000000000000001", "hex");
const NEIGHBOUR_ADVERTISEMENT = 136;
/** It replaces what is remembered, and replies to no solicitation (RFC 4861 §4.4). */
const OVERRIDE = 0x20;
const TARGET_LINK_LAYER_ADDRESS = 2;
/** It shows that no router has passed the message on. */
const HOP_LIMIT = Buffer.from(Int32Array.of(255).buffer);

/** A link of the calling thread's namespace. */
interface Sender {
  readonly name: string;
  readonly index: number;
}

/**
 * Sends an unsolicited neighbour advertisement (RFC 4861 §7.2.6) for an IPv6 address of a link, from that address. The
 * kernel adds the checksum. Where it cannot be sent, since the link is down, say, none is; that is no error. Throws
 * `permission` or `kernel`.
 */
export function advertise({ name, index }: Sender, mac: string, address: string): void {
  const source = parseAddress(address);
  const message = Buffer.concat([
    Buffer.from([NEIGHBOUR_ADVERTISEMENT, 0, 0, 0, OVERRIDE, 0, 0, 0]),
    source,
    Buffer.from([TARGET_LINK_LAYER_ADDRESS, 1]),
    parseMac(mac),
  ]);
  const descriptor = libc().socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6);
  try {
    if (!succeeded(descriptor, "open a socket for ICMPv6 on", name)) return;
    libc().setsockopt(descriptor, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, HOP_LIMIT, HOP_LIMIT.length);
    const [from, to] = [socketAddress(source, index), socketAddress(ALL_NODES, index)];
    if (!succeeded(libc().bind(descriptor, from, from.length), "send from", address)) return;
    if (!succeeded(libc().connect(descriptor, to, to.length), "send by link", name)) return;
    boundaryOperation({ into: "link", what: () => `announce ${address} by ${name}` }, () =>
      succeeded(libc().send(descriptor, message, message.length, 0), "send by link", name),
    );
  } finally {
    if (descriptor >= 0) libc().close(descriptor);
  }
}

function socketAddress(address: Buffer, link: number): Buffer {
  const bytes = Buffer.alloc(SOCKADDR_LENGTH);
  bytes.writeUInt16LE(AF_INET6);
  bytes.set(address, ADDRESS_AT);
  bytes.writeUInt32LE(link, LINK_AT);
  return bytes;
}

/** False if there is no receiver, no sender, or a rule of the namespace against it. */
function succeeded(result: number, operation: string, object: string): boolean {
  if (result >= 0) return true;
  const errno = libc().errno();
  const { ENODEV, ENXIO, ENETDOWN, ENOBUFS, EAFNOSUPPORT } = constants.errno;
  const { EADDRNOTAVAIL, ENETUNREACH, EHOSTUNREACH, EACCES, EPERM } = constants.errno;
  const harmless = [ENODEV, ENXIO, ENETDOWN, ENOBUFS, EAFNOSUPPORT, EADDRNOTAVAIL, ENETUNREACH, EHOSTUNREACH];
  if ([...harmless, EACCES, EPERM].includes(errno)) return false;
  throw kernelError({ operation, object, errno });
}
