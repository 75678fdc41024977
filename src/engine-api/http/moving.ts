import type { Readable } from "node:stream";
import { refusal } from "./refusal.js";

/** Milliseconds for the next bytes of a body. */
const PATIENCE = 30_000;

/** The bytes of a body that may be long. Throws 408 where none come for a time: work that waits for them keeps others waiting. */
export async function* moving(input: Readable, patience = PATIENCE): AsyncGenerator<Uint8Array> {
  const chunks = input[Symbol.asyncIterator]();
  for (;;) {
    const next = await within(patience, chunks.next());
    if (next.done === true) return;
    yield next.value;
  }
}

/** The input stays open, so that the client has its reply. */
function within<T>(patience: number, coming: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const why = refusal(408, `no byte of the request's body has come for ${patience / 1000} seconds`);
    const timer = setTimeout(() => reject(why), patience);
    coming.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
