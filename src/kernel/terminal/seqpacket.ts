import { closeSync, constants as fs, openSync } from "node:fs";
import { constants } from "node:os";
import { basename, dirname } from "node:path";
import { callBlocking } from "../blocking-calls.js";
import { fileError, kernelError } from "../errno.js";
import { libc } from "../libc.js";
import { AF_UNIX, SOCK_CLOEXEC, SOCK_SEQPACKET } from "../socket-constants.js";

/** <sys/socket.h>. */
const SHUT_WR = 1;
const SHUT_RDWR = 2;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
/** O_PATH of <fcntl.h>, which node:fs does not name: a handle that needs no permission to read. */
const O_PATH = 0o10000000;
/** `sun_path` holds 108 bytes with its final NUL; unix(7). */
const MAX_PATH = 107;
const RECEIVE_LENGTH = 0x10000;

/**
 * Connects to the SOCK_SEQPACKET listener at `path`, of any length. Throws `kernel` or `permission`, with the errno's
 * name in the details: ENOENT without a socket, ECONNREFUSED without a listener.
 */
export function connectSeqpacket(path: string): SeqpacketSocket {
  const descriptor = libc().socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (descriptor < 0) throw kernelError({ operation: "open a unix socket", errno: libc().errno() });
  try {
    if (Buffer.byteLength(path) <= MAX_PATH) connect(descriptor, path, path);
    else connectFar(descriptor, path);
  } catch (error) {
    libc().close(descriptor);
    throw error;
  }
  return new SeqpacketSocket(descriptor, path);
}

function connect(descriptor: number, address: string, path: string): void {
  const sockaddr = Buffer.alloc(2 + MAX_PATH + 1);
  sockaddr.writeUInt16LE(AF_UNIX);
  sockaddr.write(address, 2);
  if (libc().connect(descriptor, sockaddr, sockaddr.length) === 0) return;
  throw kernelError({ operation: "connect to", object: path, errno: libc().errno() });
}

/** By way of the directory's descriptor, whose name in /proc is short. */
function connectFar(descriptor: number, path: string): void {
  let directory: number;
  try {
    directory = openSync(dirname(path), O_PATH | fs.O_DIRECTORY);
  } catch (error) {
    throw fileError("connect to", path, error);
  }
  try {
    connect(descriptor, `/proc/thread-self/fd/${directory}/${basename(path)}`, path);
  } finally {
    closeSync(directory);
  }
}

/**
 * A connection that keeps packet boundaries; Node's own sockets cannot. Waiting for a packet occupies one thread of
 * libuv's pool, and even process.exit waits for it: {@link close} the socket to let go.
 */
export class SeqpacketSocket {
  private open = true;
  /** Calls that wait in the thread pool. The descriptor's number must not be reused under them. */
  private waiting = 0;
  private sending: Promise<void> = Promise.resolve();

  constructor(
    private readonly descriptor: number,
    private readonly path: string,
  ) {}

  /** The next packet, up to 64 KiB; undefined once the other side has ended or this one is closed. One call at a time. */
  async receive(): Promise<Buffer | undefined> {
    const buffer = Buffer.allocUnsafe(RECEIVE_LENGTH);
    const { EINTR, ECONNRESET } = constants.errno;
    while (this.open) {
      const { length, errno } = await this.wait("recv", buffer, 0);
      if (length > 0) return Buffer.from(buffer.subarray(0, length));
      if (length === 0 || !this.open || errno === ECONNRESET) return undefined;
      if (errno !== EINTR) throw kernelError({ operation: "receive from", object: this.path, errno });
    }
    return undefined;
  }

  /**
   * Sends `data` as one packet, after those sent before; resolves once the kernel has it, which is later when the other side
   * does not read. Throws `kernel` EPIPE when the reader is gone. An empty packet is not sent: it would mean the end.
   */
  send(data: Buffer): Promise<void> {
    const sent = this.sending.then(() => this.transmit(data));
    this.sending = sent.catch(() => undefined);
    return sent;
  }

  /** Closes the sending side after everything sent so far. Receiving goes on. */
  end(): void {
    this.sending = this.sending.then(() => {
      if (this.open) libc().shutdown(this.descriptor, SHUT_WR);
    });
  }

  /** Ends both directions at once; calls under way return. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    libc().shutdown(this.descriptor, SHUT_RDWR);
    this.release();
  }

  private async transmit(data: Buffer): Promise<void> {
    if (data.length === 0) return;
    const { EINTR, EAGAIN, EPIPE } = constants.errno;
    let errno: number = EINTR;
    while (this.open && errno === EINTR) {
      if (libc().send(this.descriptor, data, data.length, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) return;
      errno = libc().errno();
      if (errno !== EAGAIN) continue;
      const waited = await this.wait("send", data, MSG_NOSIGNAL);
      if (waited.length >= 0) return;
      errno = waited.errno;
    }
    throw kernelError({ operation: "send to", object: this.path, errno: this.open ? errno : EPIPE });
  }

  private wait(call: "recv" | "send", data: Buffer, flags: number): ReturnType<typeof callBlocking> {
    this.waiting++;
    return callBlocking(call, this.descriptor, data, flags).finally(() => {
      this.waiting--;
      this.release();
    });
  }

  private release(): void {
    if (!this.open && this.waiting === 0) libc().close(this.descriptor);
  }
}
