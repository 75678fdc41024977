import type { Socket } from "node:net";
import { FrameReader, frame } from "../transport/frames.js";
import { LARGEST_QUERY } from "./largest-query.js";
import type { Respond } from "./responder.js";

/** Questions of one connection that are worked on at once; more wait in its socket. */
const MOST_PENDING = 16;
/** Milliseconds in which a client sends a whole question, or takes a reply (RFC 7766 §6.2.3: "a few seconds"). */
const IDLE_MS = 10_000;

/** One connection. Questions may follow each other at once, and replies come as they are ready (RFC 7766 §6.2.1.1). */
export class TcpClient {
  readonly #socket: Socket;
  readonly #respond: Respond;
  readonly #frames = new FrameReader(LARGEST_QUERY);
  readonly #idle: NodeJS.Timeout;
  #pending = 0;
  #hasEnded = false;
  #isDue = false;

  constructor(
    socket: Socket,
    respond: Respond,
    private readonly inTurn: (job: () => void) => void,
  ) {
    this.#socket = socket;
    this.#respond = respond;
    // By a reset: a connection that ends in order stays in its namespace until the other side has agreed.
    this.#idle = setTimeout(() => socket.resetAndDestroy(), IDLE_MS);
  }

  begin(): void {
    this.#socket.on("data", (chunk: Buffer) => {
      this.#frames.push(chunk);
      this.#socket.pause();
      this.#wake();
    });
    this.#socket.on("drain", () => this.#wake());
    this.#socket.on("end", () => {
      this.#hasEnded = true;
      this.#wake();
    });
    this.#socket.on("close", () => clearTimeout(this.#idle));
  }

  #wake(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.inTurn(() => {
      this.#isDue = false;
      if (!this.#socket.destroyed) this.#take();
    });
  }

  /** Takes one question if there is room for a reply, and reads on once it has taken all; a client that does not read is not read. */
  #take(): void {
    const message = this.#hasRoom ? this.#frames.next() : undefined;
    if (message !== undefined) {
      this.#idle.refresh();
      this.#pending += 1;
      const reply = this.#respond(message);
      if (reply instanceof Promise) void reply.then((later) => this.#write(later));
      else this.#write(reply);
      this.#wake();
    } else if (this.#frames.isTooLong) this.#socket.resetAndDestroy();
    else if (this.#hasEnded && this.#pending === 0 && this.#hasRoom) this.#socket.end();
    else if (this.#hasRoom) this.#socket.resume();
  }

  get #hasRoom(): boolean {
    return this.#pending < MOST_PENDING && !this.#socket.writableNeedDrain;
  }

  #write(reply: Buffer | undefined): void {
    this.#pending -= 1;
    if (!this.#socket.writable) return;
    if (reply !== undefined) this.#socket.write(frame(reply), () => this.#idle.refresh());
    this.#wake();
  }
}
