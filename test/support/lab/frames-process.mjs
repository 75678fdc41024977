// frames-process.mjs listen LINK END: prints "ready", then each frame that comes in by LINK, up to one that holds END.
// frames-process.mjs send LINK FRAME...: sends frames by LINK, as they are. Frames are in hexadecimal.
import koffi from "koffi";

const [verb, link, ...rest] = process.argv.slice(2);
const libc = koffi.load("libc.so.6");
const socket = libc.func("int socket(int, int, int)");
const bind = libc.func("int bind(int, const void *, uint)");
const send = libc.func("long send(int, const void *, ulong, int)");
const recv = libc.func("long recv(int, void *, ulong, int)");
const indexOf = libc.func("uint if_nametoindex(const char *)");
const setsockopt = libc.func("int setsockopt(int, int, int, const void *, uint)");

/** <linux/if_packet.h>, <linux/if_ether.h>, <sys/socket.h> */
const AF_PACKET = 17;
const SOCK_RAW = 3;
const ETH_P_ALL = 3;
const SOL_SOCKET = 1;
const SO_RCVTIMEO = 20;
const LONGEST = 2048;

function check(result, what) {
  if (result < 0) throw new Error(`${what}: errno ${koffi.errno()}`);
  return result;
}

function open(protocol) {
  const fd = check(socket(AF_PACKET, SOCK_RAW, 0), "socket");
  const address = Buffer.alloc(20);
  address.writeUInt16LE(AF_PACKET, 0);
  address.writeUInt16BE(protocol, 2);
  address.writeUInt32LE(indexOf(link), 4);
  check(bind(fd, address, address.length), "bind");
  return fd;
}

function listen(end) {
  const fd = open(ETH_P_ALL);
  const patience = Buffer.alloc(16);
  patience.writeBigInt64LE(10n, 0);
  check(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, patience, patience.length), "setsockopt");
  process.stdout.write("ready\n");
  const buffer = Buffer.alloc(LONGEST);
  for (let frame = ""; !frame.includes(end); ) {
    frame = buffer.toString("hex", 0, check(recv(fd, buffer, LONGEST, 0), "recv"));
    process.stdout.write(`${frame}\n`);
  }
}

if (verb === "listen") listen(rest[0]);
else {
  const fd = open(0);
  for (const frame of rest) check(send(fd, Buffer.from(frame, "hex"), frame.length / 2, 0), "send");
}
