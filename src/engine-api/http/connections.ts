import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** What is known of a connection. */
interface Connection {
  /** Requests whose replies have not ended. */
  open: number;
  /** Runs while there are none. */
  timer: NodeJS.Timeout | undefined;
  /** No request has come yet. */
  isFresh: boolean;
}

/**
 * The connections of an HTTP server. One on which the head of a request does not arrive in time is ended: Node.js looks after those alone
 * that the server itself accepted, and not after those that another server passed to it.
 */
export class Connections {
  private readonly all = new Map<Socket, Connection>();
  private isEnding = false;

  /** `arrival`: milliseconds for a head to arrive. */
  constructor(private readonly arrival: number) {}

  add(socket: Socket): void {
    const connection = { open: 0, timer: undefined, isFresh: true };
    this.all.set(socket, connection);
    this.expectHead(socket, connection);
    socket.once("close", () => {
      clearTimeout(this.all.get(socket)?.timer);
      this.all.delete(socket);
    });
  }

  /** A request has come, whose connection serves nothing else before its reply has ended. */
  request(socket: Socket, response: ServerResponse): void {
    const connection = this.all.get(socket);
    if (connection === undefined) return;
    this.take(connection);
    response.once("finish", () => {
      connection.open -= 1;
      if (connection.open > 0) return;
      if (this.isEnding) socket.destroySoon();
      else if (this.all.has(socket)) this.expectHead(socket, connection);
    });
  }

  /** A request has come after which the connection is no more HTTP's. */
  upgrade(socket: Socket): void {
    const connection = this.all.get(socket);
    if (connection !== undefined) this.take(connection);
  }

  /** Whether a client has just connected. */
  get hasFresh(): boolean {
    return [...this.all.values()].some(({ isFresh }) => isFresh);
  }

  /** Ends those on which nothing is served, and the others once `bound` is past; returns when all are closed. */
  async end(bound: number): Promise<void> {
    this.isEnding = true;
    const closed = [...this.all.keys()].map((socket) => new Promise((resolve) => socket.once("close", resolve)));
    for (const [socket, { open }] of this.all) if (open === 0) socket.destroy();
    const timer = setTimeout(() => {
      for (const socket of this.all.keys()) socket.destroy();
    }, bound);
    await Promise.all(closed);
    clearTimeout(timer);
  }

  private take(connection: Connection): void {
    clearTimeout(connection.timer);
    connection.isFresh = false;
    connection.open += 1;
  }

  private expectHead(socket: Socket, connection: Connection): void {
    connection.timer = setTimeout(() => socket.destroy(), this.arrival);
  }
}
