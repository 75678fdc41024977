import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { dishonest, unreachable } from "./failures.js";
import { isPassing, type Registry } from "./registry.js";

/** A file of a registry, as a manifest describes it. */
export interface Blob {
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

/** Cuts that are forgiven while bytes come. */
const CUTS_MAX = 20;

/**
 * Writes a blob to the empty `file`, and goes on where the connection was cut. Throws `invalid-input` for other bytes than its
 * digest promises, or more, and `runtime` once the registry was cut too often.
 */
export async function fetchBlob(
  registry: Registry,
  blob: Blob,
  file: FileHandle,
  onBytes: (done: number) => void,
): Promise<void> {
  const part = new Part(registry, blob, file, onBytes);
  let inVain = 0;
  for (let cuts = 0; ; cuts++) {
    const before = part.done;
    try {
      await part.fetchRest();
      return part.check();
    } catch (error) {
      inVain = part.done > before ? 0 : inVain + 1;
      if (!isPassing(error) || cuts === CUTS_MAX || inVain >= registry.timing.tries) throw error;
      await pause(registry.timing.pause * 2 ** inVain);
    }
  }
}

/** The bytes of a blob that have come. */
class Part {
  done = 0;
  #hash = createHash("sha256");

  constructor(
    private readonly registry: Registry,
    private readonly blob: Blob,
    private readonly file: FileHandle,
    private readonly onBytes: (done: number) => void,
  ) {}

  async fetchRest(): Promise<void> {
    const { host } = this.registry;
    const { digest, size } = this.blob;
    const { headers, status, body } = await this.registry.get(`blobs/${digest}`, { start: this.done });
    if (!resumes(headers["content-range"], status, this.done)) this.#restart();
    for await (const chunk of body) {
      if (this.done + chunk.length > size) throw dishonest(host, `sends more than the ${size} bytes of ${digest}`);
      this.#hash.update(chunk);
      await this.file.write(chunk, 0, chunk.length, this.done);
      this.done += chunk.length;
      this.onBytes(this.done);
    }
    if (this.done < size) throw unreachable(host, `it broke off after ${this.done} of ${size} bytes of ${digest}`);
  }

  check(): void {
    const { digest } = this.blob;
    const actual = `sha256:${this.#hash.digest("hex")}`;
    if (actual !== digest)
      throw dishonest(this.registry.host, `sends other bytes than ${digest}: their digest is ${actual}`);
  }

  #restart(): void {
    this.done = 0;
    this.#hash = createHash("sha256");
  }
}

/** Whether a reply begins at byte `start`; otherwise the blob comes from its beginning. */
function resumes(range: string | undefined, status: number, start: number): boolean {
  return status === 206 && Number(/^bytes (\d+)-/.exec(range ?? "")?.[1]) === start;
}
