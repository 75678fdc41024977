import { isMainThread, Worker } from "node:worker_threads";
import type { Bounds } from "./bounds.js";
import { endLoop } from "./end-loop.js";

/** Milliseconds in which a main thread that runs ends its watch by itself, after a suspension of the machine as well. */
const grace = 1000;

/**
 * Ends the JavaScript that the main thread runs if a watch is over and the main thread has not said so: it is in a loop, and its
 * own timers cannot fire.
 */
const source = `
const { parentPort } = require("node:worker_threads");
const endLoop = ${endLoop};
const watches = new Map();
parentPort.on("message", ({ id, bounds }) => {
  clearTimeout(watches.get(id));
  watches.delete(id);
  if (bounds === undefined) return;
  const end = () => endLoop(bounds);
  watches.set(id, setTimeout(() => watches.set(id, setTimeout(end, ${grace})), bounds.milliseconds));
});
`;

/** Ends loops that third-party code enters after it has waited for something, where no call bounds it any more. */
class LoopWatchdog {
  private worker: Worker | undefined;
  private watches = 0;

  /** From now on until `end`, code of the main thread that runs on past its time is ended. */
  watch({ what, milliseconds }: Bounds): { end(): void } {
    // A worker can end the loops of the main thread alone.
    if (!isMainThread) return { end: () => undefined };
    this.worker ??= start();
    const { worker } = this;
    this.watches += 1;
    const id = this.watches;
    worker.postMessage({ id, bounds: { what, milliseconds } });
    return { end: () => worker.postMessage({ id }) };
  }
}

/** Without the environment and the options of the process, which could have it load something. */
function start(): Worker {
  const worker = new Worker(source, { eval: true, env: {}, execArgv: [] });
  worker.unref();
  return worker;
}

export const loopWatchdog = new LoopWatchdog();
