import { Writable } from "node:stream";

/** Bytes of a check's output that are kept, as docker's. */
const KEPT = 4096;

/** Milliseconds for each piece that is thrown away: a check that prints for ever must not have a processor to itself. */
const PAUSE = 5;

/** Both streams of a check, in the order in which they come. */
export class CheckOutput {
  private readonly pieces: Buffer[] = [];
  private size = 0;
  readonly stream = new Writable({
    write: (piece: Buffer, _encoding, done) => {
      if (this.size >= KEPT) {
        setTimeout(done, PAUSE);
        return;
      }
      const kept = piece.subarray(0, KEPT - this.size);
      this.size += kept.length;
      this.pieces.push(Buffer.from(kept));
      done();
    },
  });

  get text(): string {
    return Buffer.concat(this.pieces).toString("utf8");
  }
}
