import { resolve } from "node:path";
import type { Tsd } from "../../../src/api/index.js";
import type { Host } from "../lab/host.js";
import type { Program } from "../lab/program.js";

type Area = Exclude<keyof Tsd, "unfinished" | "close" | "diskUsage">;

/** One use case of the library with its arguments. */
export type Call = { [A in Area]: readonly [A, keyof Tsd[A] & string, ...unknown[]] }[Area];

/**
 * A process of the library on a host, which saves each call the start of a program. Each call opens tsd again, as a command
 * does.
 */
export class Agent implements AsyncDisposable {
  readonly #program: Program;
  #replies = 0;

  /** With the plug-in of that path, if any. */
  constructor(host: Host, plugin?: string) {
    const env = { PATH: process.env.PATH ?? "", TSD_ROOT: host.root, TSD_RUN: host.runDirectory };
    const script = resolve("test/support/faults/agent-process.mjs");
    // One file loads faster than many.
    const argv = [
      process.execPath,
      script,
      resolve("dist/library.cjs"),
      ...(plugin === undefined ? [] : [resolve(plugin)]),
    ];
    this.#program = host.start(argv, { env, timeout: 7_200_000 });
  }

  /** Resolves to the result, as JSON keeps it. Throws what the use case threw, as words. */
  async call([area, method, ...args]: Call): Promise<unknown> {
    this.#program.write(`${JSON.stringify({ area, method, args })}\n`);
    this.#replies += 1;
    const lines = (await this.#program.saying(new RegExp(`^(.*\\n){${this.#replies}}`))).split("\n");
    const { result, error } = JSON.parse(lines[this.#replies - 1] ?? "") as { result?: unknown; error?: string };
    if (error !== undefined) throw new Error(`${String(area)}.${method}: ${error}`);
    return result;
  }

  async calls(calls: readonly Call[]): Promise<void> {
    for (const call of calls) await this.call(call);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#program.closeInput();
    await this.#program.ended;
  }
}
