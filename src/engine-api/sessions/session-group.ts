import { Writable } from "node:stream";
import type { ForegroundOptions } from "../../api/index.js";
import type { ClientSession } from "./client-session.js";

type Output = "stdout" | "stderr";

/**
 * Clients that were attached to one container before its start, as one caller: each gets all of the output, and the first that has
 * input gives it. One that goes does not concern the others.
 */
export class SessionGroup {
  private readonly present: Set<ClientSession>;
  private readonly emptied = new AbortController();

  constructor(private readonly sessions: readonly ClientSession[]) {
    this.present = new Set(sessions);
    for (const session of sessions) session.onLeft(() => this.forget(session));
  }

  get isEmpty(): boolean {
    return this.present.size === 0;
  }

  get foreground(): ForegroundOptions {
    const speaker = this.sessions.find(({ streams }) => streams.stdin !== undefined) ?? this.sessions[0];
    return {
      ...speaker?.foreground,
      streams: {
        ...(speaker?.streams.stdin === undefined ? {} : { stdin: speaker.streams.stdin }),
        stdout: this.output("stdout"),
        stderr: this.output("stderr"),
      },
      leave: this.emptied.signal,
    };
  }

  end(): void {
    for (const session of this.sessions) session.end();
  }

  private output(stream: Output): Writable {
    return new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        void Promise.all([...this.present].map((session) => this.give(session, stream, chunk))).then(() => done());
      },
    });
  }

  private async give(session: ClientSession, stream: Output, chunk: Buffer): Promise<void> {
    try {
      await session.write(stream, chunk);
    } catch {
      // It has gone.
      this.forget(session);
    }
  }

  private forget(session: ClientSession): void {
    this.present.delete(session);
    if (this.isEmpty) this.emptied.abort();
  }
}
