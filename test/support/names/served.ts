import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import { closeSync } from "node:fs";
import { connect, createServer, type Socket as TcpSocket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { NameViews } from "../../../src/contracts/index.js";
import { type BoundSockets, openSockets } from "../../../src/kernel/redirect/bound-sockets.js";
import { createNameServer, type NameServer } from "../../../src/names/name-server.js";

/** What a pretended name server does with what it is asked. */
export interface Conduct {
  readonly datagram?: (message: Buffer, from: RemoteInfo, socket: Socket) => void;
  readonly stream?: (message: Buffer, socket: TcpSocket) => void;
}

/** A name server on loopback that does as it is told, and what it was asked. */
export interface Upstream extends AsyncDisposable {
  /** As `upstream` of a view has it. */
  readonly server: string;
  readonly asked: {
    readonly datagrams: { readonly message: Buffer; readonly from: RemoteInfo }[];
    readonly streams: Buffer[];
  };
}

/** Sends a message behind its length. */
export function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

/** Calls `heard` for each message that comes over a connection. */
function onFrames(socket: TcpSocket, heard: (message: Buffer) => void): void {
  let rest = Buffer.alloc(0);
  socket.on("error", () => undefined);
  socket.on("data", (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
      const end = 2 + rest.readUInt16BE(0);
      heard(rest.subarray(2, end));
      rest = rest.subarray(end);
    }
  });
}

export async function openUpstream({ datagram, stream }: Conduct, host = "127.0.0.1"): Promise<Upstream> {
  const asked: Upstream["asked"] = { datagrams: [], streams: [] };
  const udp = createSocket(host.includes(":") ? "udp6" : "udp4");
  udp.on("message", (message, from) => {
    asked.datagrams.push({ message, from });
    datagram?.(message, from, udp);
  });
  udp.bind(0, host);
  await once(udp, "listening");
  const { port } = udp.address();
  const clients = new Set<TcpSocket>();
  const tcp = createServer((socket) => {
    clients.add(socket);
    onFrames(socket, (message) => {
      asked.streams.push(message);
      stream?.(message, socket);
    });
  });
  if (stream !== undefined) await once(tcp.listen(port, host), "listening");
  return {
    server: `${host}#${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      udp.close();
      for (const client of clients) client.destroy();
      tcp.close();
    },
  };
}

/** A name server that refuses all that it was asked, and is asked from then on, once `release` is called. */
export async function openHeld(): Promise<Upstream & { readonly release: () => void }> {
  const held: (() => void)[] = [];
  let isReleased = false;
  const hold = (send: () => void): void => {
    if (isReleased) send();
    else held.push(send);
  };
  const refusal = (message: Buffer): Buffer => {
    const reply = Buffer.from(message);
    reply.writeUInt16BE(0x8185, 2);
    return reply;
  };
  const upstream = await openUpstream({
    datagram: (message, { port, address }, socket) => hold(() => socket.send(refusal(message), port, address)),
    stream: (message, socket) => hold(() => void socket.write(framed(refusal(message)))),
  });
  const release = (): void => {
    isReleased = true;
    for (const send of held) send();
  };
  return { ...upstream, release, [Symbol.asyncDispose]: upstream[Symbol.asyncDispose] };
}

/** A {@link NameServer} that serves loopback, one port for each namespace. */
export interface Served extends AsyncDisposable {
  readonly names: NameServer;
  readonly port: (netns: string) => number;
}

/** Of both protocols, as clients of DNS have one port for both. */
function openAtOnePort(): BoundSockets {
  const loopback = Uint8Array.of(127, 0, 0, 1);
  for (let attempt = 1; ; attempt += 1) {
    const { udp, tcp, ports } = openSockets(loopback);
    for (const descriptor of [udp, tcp]) closeSync(descriptor);
    try {
      return openSockets(loopback, ports.udp);
    } catch (error) {
      if (attempt === 10) throw error;
    }
  }
}

export async function serve(views: NameViews, now?: () => number): Promise<Served> {
  const names = createNameServer(views, now);
  const ports = new Map<string, number>();
  for (const netns of views.namespaces()) {
    const sockets = openAtOnePort();
    ports.set(netns, sockets.ports.udp);
    names.serve(netns, sockets);
  }
  return { names, port: (netns) => ports.get(netns) ?? 0, [Symbol.asyncDispose]: () => names.stop() };
}

/** The reply to a datagram; undefined if none comes before `patience`, in milliseconds, or settles. */
export async function askByUdp(
  port: number,
  message: Buffer,
  patience: number | Promise<undefined> = 30_000,
): Promise<Buffer | undefined> {
  const socket = createSocket("udp4");
  try {
    const reply = once(socket, "message").then(([received]: Buffer[]) => received);
    socket.send(message, port, "127.0.0.1");
    const end = typeof patience === "number" ? sleep(patience, undefined, { ref: false }) : patience;
    return await Promise.race([reply, end]);
  } finally {
    socket.close();
  }
}

/** The replies on one connection, in the order in which they come, until there are `count` or it ends. `heard` gets their number. */
export async function askByTcp(
  port: number,
  pieces: readonly Buffer[],
  count: number,
  heard?: (replies: number) => void,
): Promise<readonly Buffer[]> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  const replies: Buffer[] = [];
  const ended = new Promise<void>((done) => {
    socket.on("close", () => done());
    onFrames(socket, (message) => {
      replies.push(message);
      heard?.(replies.length);
      if (replies.length === count) done();
    });
  });
  for (const piece of pieces) {
    socket.write(piece);
    if (pieces.length > 1) await sleep(1);
  }
  await ended;
  socket.destroy();
  return replies;
}
