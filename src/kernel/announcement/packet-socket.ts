import { constants } from "node:os";
import { boundaryOperation } from "../boundary-operation.js";
import { kernelError } from "../errno.js";
import { libc } from "../libc.js";
import { AF_PACKET, SOCK_CLOEXEC, SOCK_RAW } from "../socket-constants.js";

/** <linux/sockios.h>. */
const SIOCGIFINDEX = 0x8933;
/** `struct ifreq`: a name of 16 bytes, then the index. */
const IFREQ_LENGTH = 40;
const INDEX_AT = 16;
/** `struct sockaddr_ll`: family u16, protocol u16, index i32, then what only receivers fill in. */
const SOCKADDR_LENGTH = 20;

/**
 * Sends frames by a link of the calling thread's namespace, see packet(7). A link that is down, or not there, sends none,
 * and neither does a kernel without packet sockets; that is no error. Throws `permission` or `kernel`.
 */
export function sendFrames(link: string, frames: readonly Buffer[]): void {
  // Of protocol 0, which receives nothing.
  const descriptor = libc().socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  try {
    if (!succeeded(descriptor, "open a packet socket for", link)) return;
    const address = addressOf(descriptor, link);
    if (address === undefined) return;
    if (!succeeded(libc().bind(descriptor, address, address.length), "bind to link", link)) return;
    boundaryOperation({ into: "link", what: () => `send ${frames.length} announcements by ${link}` }, () => {
      for (const frame of frames) succeeded(libc().send(descriptor, frame, frame.length, 0), "send by link", link);
    });
  } finally {
    if (descriptor >= 0) libc().close(descriptor);
  }
}

/** The `sockaddr_ll` of a link; undefined where it is not there. */
function addressOf(descriptor: number, link: string): Buffer | undefined {
  const request = Buffer.alloc(IFREQ_LENGTH);
  request.write(link);
  if (!succeeded(libc().ioctl(descriptor, SIOCGIFINDEX, request), "look up link", link)) return undefined;
  const address = Buffer.alloc(SOCKADDR_LENGTH);
  address.writeUInt16LE(AF_PACKET);
  address.writeInt32LE(request.readInt32LE(INDEX_AT), 4);
  return address;
}

/** False if there is no receiver. */
function succeeded(result: number, operation: string, object: string): boolean {
  if (result >= 0) return true;
  const errno = libc().errno();
  const { ENODEV, ENXIO, ENETDOWN, ENOBUFS, EAFNOSUPPORT } = constants.errno;
  if ([ENODEV, ENXIO, ENETDOWN, ENOBUFS, EAFNOSUPPORT].includes(errno)) return false;
  throw kernelError({ operation, object, errno });
}
