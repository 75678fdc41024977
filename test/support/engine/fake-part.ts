import type { Resource } from "../../../src/api/index.js";

/** One room of the fake kernel. Each verb throws where Linux would refuse, and {@link misuse} where tsd went astray. */
export interface FakePart {
  ensure(resource: Resource): void;
  remove(resource: Resource): void;
  /** Hears of a removal before it happens, or fails. */
  expectRemoval?(resource: Resource): void;
  /** What exists, a line each. */
  lines(): readonly string[];
}

/** An order that a correct engine never gives. Kept as well as thrown, since the engine may catch it. */
export class Misuse {
  readonly reports: string[] = [];

  refuse(text: string): never {
    this.reports.push(text);
    throw new Error(`misuse: ${text}`);
  }
}
