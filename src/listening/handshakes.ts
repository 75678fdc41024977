import type { Socket } from "node:net";

/** Connections that have not shown a certificate yet. */
export class Handshakes {
  private readonly waiting = new Map<string, Socket>();
  private isOver = false;

  /** The oldest of more than `most` is dropped for a new one, so those that stay silent keep no client out; `report` hears of it. */
  constructor(
    private readonly most: number,
    private readonly report: (error: Error) => void,
  ) {}

  begin(socket: Socket): void {
    const key = keyOf(socket);
    this.waiting.set(key, socket);
    socket.once("close", () => {
      if (this.waiting.get(key) === socket) this.waiting.delete(key);
    });
    const [oldest] = this.waiting.values();
    if (this.waiting.size <= this.most || oldest === undefined) return;
    this.report(new Error(`${this.most} others that show no certificate came after it`));
    this.drop(oldest);
  }

  /** Whether a connection that has shown its certificate is to be served; the runtimes give another object for it, or the same one. */
  finish(secure: Socket): boolean {
    return this.waiting.delete(keyOf(secure)) && !this.isOver;
  }

  fail(secure: Socket, error: Error): void {
    // A handshake that takes too long leaves its connection open.
    secure.destroy();
    if (!this.isOver) this.report(error);
  }

  /** Ends those that wait, and serves none that comes later. */
  end(): void {
    this.isOver = true;
    for (const socket of this.waiting.values()) this.drop(socket);
  }

  private drop(socket: Socket): void {
    this.waiting.delete(keyOf(socket));
    socket.destroy();
  }
}

/** Both ends, which no two connections that are open have in common. */
function keyOf({ localAddress, localPort, remoteAddress, remotePort }: Socket): string {
  return [localAddress, localPort, remoteAddress, remotePort].join(" ");
}
