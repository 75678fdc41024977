import type { Socket } from "node:net";
import { FrameReader, frame } from "../transport/frames.js";
import type { Respond } from "./responder.js";

/** Questions of one connection that are worked on at once; more wait in its socket. */
const MOST_PENDING = 16;
/** Octets of one question. With every option there is, one has some hundreds. */
const LARGEST_QUERY = 4096;
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
  #isTaking = false;

  constructor(socket: Socket, respond: Respond) {
    this.#socket = socket;
    this.#respond = respond;
    this.#idle = setTimeout(() => socket.destroy(), IDLE_MS);
  }

  begin(): void {
    this.#socket.on("data", (chunk: Buffer) => {
      this.#frames.push(chunk);
      this.#take();
    });
    this.#socket.on("drain", () => this.#take());
    this.#socket.on("end", () => {
      this.#hasEnded = true;
      this.#take();
    });
    this.#socket.on("close", () => clearTimeout(this.#idle));
  }

  /** Takes as many questions as there is room for replies; a client that does not read is not read either. */
  #take(): void {
    if (this.#isTaking) return;
    this.#isTaking = true;
    let message = this.#hasRoom ? this.#frames.next() : undefined;
    while (message !== undefined) {
      this.#idle.refresh();
      this.#pending += 1;
      const reply = this.#respond(message);
      if (reply instanceof Promise) void reply.then((later) => this.#write(later));
      else this.#write(reply);
      message = this.#hasRoom ? this.#frames.next() : undefined;
    }
    this.#isTaking = false;
    if (this.#frames.isTooLong) this.#socket.destroy();
    else if (!this.#hasRoom) this.#socket.pause();
    else if (this.#hasEnded && this.#pending === 0) this.#socket.end();
    else this.#socket.resume();
  }

  get #hasRoom(): boolean {
    return this.#pending < MOST_PENDING && !this.#socket.writableNeedDrain;
  }

  #write(reply: Buffer | undefined): void {
    this.#pending -= 1;
    if (!this.#socket.writable) return;
    if (reply !== undefined) this.#socket.write(frame(reply), () => this.#idle.refresh());
    this.#take();
  }
}
