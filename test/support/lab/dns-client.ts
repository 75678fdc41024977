import { createSocket } from "node:dgram";
import { Socket } from "node:net";
import { libc } from "../../../src/kernel/libc.js";
import { inNetns } from "../../../src/kernel/netns/netns.js";
import { openSockets } from "../../../src/kernel/redirect/bound-sockets.js";
import { AF_INET, SOCK_CLOEXEC, SOCK_STREAM } from "../../../src/kernel/socket-constants.js";

export type Protocol = "udp" | "tcp";

/** Milliseconds. */
const PATIENCE = 5000;

/** What comes back for `text`, sent by a program in the namespace; undefined for nothing. */
export function exchange(netns: string, protocol: Protocol, to: { address: string; port: number }, text: string) {
  return protocol === "udp" ? byUdp(netns, to, text) : byTcp(netns, to, text);
}

async function byUdp(netns: string, { address, port }: { address: string; port: number }, text: string) {
  const { udp, tcp } = inNetns(netns, () => openSockets(Uint8Array.of(127, 0, 0, 1)));
  libc().close(tcp);
  const socket = createSocket("udp4");
  socket.bind({ fd: udp });
  const reply = new Promise<string | undefined>((resolve) => {
    setTimeout(resolve, PATIENCE, undefined).unref();
    socket.once("message", (message, from) => resolve(`${message} from ${from.address}:${from.port}`));
  });
  socket.send(text, port, address);
  return reply.finally(() => socket.close());
}

async function byTcp(netns: string, { address, port }: { address: string; port: number }, text: string) {
  const name = Buffer.alloc(16);
  name.writeUInt16LE(AF_INET);
  name.writeUInt16BE(port, 2);
  name.set(address.split(".").map(Number), 4);
  // The kernel completes it, whether or not the program that listens is awake.
  const fd = inNetns(netns, () => {
    const descriptor = libc().socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return libc().connect(descriptor, name, name.length) === 0 ? descriptor : void libc().close(descriptor);
  });
  if (fd === undefined) return undefined;
  const socket = new Socket({ fd });
  return new Promise<string | undefined>((resolve) => {
    socket.setTimeout(PATIENCE, () => socket.destroy());
    socket.on("error", () => resolve(undefined));
    socket.on("close", () => resolve(undefined));
    socket.on("data", (message) => {
      resolve(`${message} from ${socket.remoteAddress}:${socket.remotePort}`);
      socket.destroy();
    });
    socket.write(text);
  });
}
