/**
 * Looks for the keys that leave a container in what is typed, however it is cut into pieces. Keys that could begin them are held
 * back until the next one shows whether they do.
 */
export class DetachWatch {
  /** How many of the keys were typed last. */
  private matched = 0;

  /** One key or more. */
  constructor(private readonly keys: Uint8Array) {}

  /** What is to be passed on, and whether the keys were complete. What follows them is dropped. */
  push(typed: Uint8Array): { readonly passed: Buffer; readonly isComplete: boolean } {
    const passed: number[] = [];
    for (const key of typed) {
      while (this.matched > 0 && this.keys[this.matched] !== key) passed.push(...this.release());
      if (this.keys[this.matched] === key) this.matched += 1;
      else passed.push(key);
      if (this.matched < this.keys.length) continue;
      this.matched = 0;
      return { passed: Buffer.from(passed), isComplete: true };
    }
    return { passed: Buffer.from(passed), isComplete: false };
  }

  /** Gives up the first of the held keys, and those behind it that cannot begin the sequence themselves. */
  private release(): Uint8Array {
    const held = this.keys.subarray(0, this.matched);
    for (this.matched -= 1; this.matched > 0; this.matched -= 1) {
      const end = held.subarray(held.length - this.matched);
      if (end.every((key, at) => key === this.keys[at])) break;
    }
    return held.subarray(0, held.length - this.matched);
  }
}
