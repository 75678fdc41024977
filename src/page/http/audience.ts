import type { ServerResponse } from "node:http";

/** Readers at a time. */
const MOST = 32;
/** Milliseconds between two signs of life, by which a reader that is gone is found. */
const BEAT = 15_000;
/** Milliseconds that a reader may leave what was sent to it. */
const PATIENCE = 60_000;
/** Milliseconds after which a browser that lost the connection tries again. */
const RETRY = 2000;

interface Reader {
  readonly response: ServerResponse;
  /** Parts that came while it was slow: of each the newest alone. */
  readonly waiting: Map<string, string>;
  slowSince: number | undefined;
}

/** All readers of server-sent events (HTML standard, 9.2). A slow one skips what newer parts have replaced. */
export class Audience {
  private readonly readers = new Set<Reader>();
  /** What each part is at this moment, as it is sent. */
  private readonly parts = new Map<string, string>();
  private beating: NodeJS.Timeout | undefined;

  /** The callbacks are called when the first reader comes, and when the last has gone. */
  constructor(
    private readonly onFirst: () => void,
    private readonly onLast: () => void,
  ) {}

  get isEmpty(): boolean {
    return this.readers.size === 0;
  }

  get isFull(): boolean {
    return this.readers.size >= MOST;
  }

  /** Sends each part that differs from what was sent before. */
  show(parts: Readonly<Record<string, { readonly text: string }>>): void {
    for (const [name, { text }] of Object.entries(parts)) {
      const message = `event: ${name}\ndata: ${JSON.stringify(text)}\n\n`;
      if (this.parts.get(name) === message) continue;
      this.parts.set(name, message);
      for (const reader of this.readers) send(reader, name, message);
    }
  }

  /** The caller has made sure that there is room. */
  admit(response: ServerResponse): void {
    const reader: Reader = { response, waiting: new Map(), slowSince: undefined };
    response.writeHead(200, { "Content-Type": "text/event-stream", "X-Accel-Buffering": "no" });
    response.write(`retry: ${RETRY}\n\n`);
    response.on("drain", () => {
      reader.slowSince = undefined;
      for (const [name, message] of reader.waiting) {
        reader.waiting.delete(name);
        send(reader, name, message);
        if (response.writableNeedDrain) break;
      }
    });
    response.once("close", () => this.dismiss(reader));
    this.readers.add(reader);
    if (this.readers.size === 1) {
      this.beating = setInterval(() => this.beat(), BEAT);
      this.onFirst();
    }
    for (const [name, message] of this.parts) send(reader, name, message);
  }

  end(): void {
    for (const { response } of this.readers) response.destroy();
  }

  private dismiss(reader: Reader): void {
    if (!this.readers.delete(reader) || this.readers.size > 0) return;
    clearInterval(this.beating);
    this.parts.clear();
    this.onLast();
  }

  private beat(): void {
    const now = Date.now();
    for (const { response, slowSince } of this.readers) {
      if (slowSince === undefined) response.write(":\n\n");
      else if (now - slowSince > PATIENCE) response.destroy();
    }
  }
}

function send(reader: Reader, name: string, message: string): void {
  const { response, waiting } = reader;
  if (reader.slowSince !== undefined) waiting.set(name, message);
  else if (!response.write(message)) reader.slowSince = Date.now();
}
