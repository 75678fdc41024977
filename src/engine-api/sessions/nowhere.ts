import { Writable } from "node:stream";

/** Output that nobody reads. */
export function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
