import { type Duplex, Transform } from "node:stream";
import { DetachWatch } from "./detach-watch.js";

/** Passes bytes on until the keys are typed that leave a command. */
export function detachFilter(keys: Uint8Array, onTyped: () => void): Duplex {
  const watch = new DetachWatch(keys);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const { passed, isComplete } = watch.push(chunk);
      if (passed.length > 0) this.push(passed);
      if (isComplete) onTyped();
      done();
    },
  });
}
