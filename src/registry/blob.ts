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

/** Cuts that are forgiven while bytes come, and those in a row at which none came. */
const CUTS_MAX = 20;
const CUTS_IN_A_ROW = 5;

/**
 * Writes a blob to the empty `file`, and goes on where the connection was cut. Throws `invalid-input` for other bytes than its
 * digest promises, or more, and `runtime` once the registry was cut too often.
 */
export async function fetchBlob(
  registry: Registry,
  { digest, size }: Blob,
  file: FileHandle,
  onBytes: (done: number) => void,
): Promise<void> {
  let [hash, done, inVain] = [createHash("sha256"), 0, 0];
  const name = `${digest.slice(0, 19)}…`;
  for (let cuts = 0; ; cuts++) {
    const before = done;
    try {
      const reply = await registry.get(`blobs/${digest}`, { start: done });
      if (done > 0 && !resumes(reply.headers["content-range"], reply.status, done)) {
        [hash, done] = [createHash("sha256"), 0];
      }
      for await (const chunk of reply.body) {
        if (done + chunk.length > size) throw dishonest(registry.host, `sends more than the ${size} bytes of ${name}`);
        hash.update(chunk);
        await file.write(chunk, 0, chunk.length, done);
        done += chunk.length;
        onBytes(done);
      }
      if (done < size) throw unreachable(registry.host, `it broke off after ${done} of ${size} bytes of ${name}`);
      break;
    } catch (error) {
      inVain = done > before ? 0 : inVain + 1;
      if (!isPassing(error) || cuts === CUTS_MAX || inVain === CUTS_IN_A_ROW) throw error;
      await pause(registry.timing.pause * 2 ** inVain);
    }
  }
  const actual = `sha256:${hash.digest("hex")}`;
  if (actual !== digest) throw dishonest(registry.host, `sends other bytes than ${digest}: their digest is ${actual}`);
}

/** Whether a reply begins at byte `start`; otherwise the blob comes from its beginning. */
function resumes(range: string | undefined, status: number, start: number): boolean {
  return status === 206 && Number(/^bytes (\d+)-/.exec(range ?? "")?.[1]) === start;
}
