import { refusal } from "../http/refusal.js";
import type { ExecRequest } from "../requests/exec-request.js";
import { ExecInstance } from "./exec-instance.js";

/** Instances that are kept, and bytes of their commands and variables: a client can make them without starting them. */
const MOST = 4096;
const MOST_BYTES = 32 << 20;

interface Kept {
  readonly instance: ExecInstance;
  readonly bytes: number;
}

/** Commands in containers that clients made, of which the oldest that do not run are forgotten. */
export class ExecInstances {
  private readonly kept = new Map<string, Kept>();
  private bytes = 0;

  /** Throws 503 where all that are kept run. */
  add(container: string, request: ExecRequest): ExecInstance {
    const bytes = Buffer.byteLength(JSON.stringify(request.spec));
    this.makeRoom(bytes);
    const instance = new ExecInstance(container, request);
    this.kept.set(instance.id, { instance, bytes });
    this.bytes += bytes;
    return instance;
  }

  /** By its whole id, as docker has it. Throws 404. */
  get(id: string): ExecInstance {
    const found = this.kept.get(id)?.instance;
    if (found === undefined) throw refusal(404, `No such exec instance: ${id}`);
    return found;
  }

  /** Ids of those of a container that have not ended. */
  of(container: string): readonly string[] {
    return [...this.kept.values()].flatMap(({ instance }) =>
      instance.container === container && instance.state !== "ended" ? [instance.id] : [],
    );
  }

  private makeRoom(bytes: number): void {
    const isFull = (): boolean => this.kept.size >= MOST || this.bytes + bytes > MOST_BYTES;
    for (const [id, one] of this.kept) {
      if (!isFull()) return;
      if (one.instance.state === "running") continue;
      this.kept.delete(id);
      this.bytes -= one.bytes;
    }
    if (isFull()) throw refusal(503, `${this.kept.size} commands in containers run already; let some of them end`);
  }
}
