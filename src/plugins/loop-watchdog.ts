import { isMainThread, Worker } from "node:worker_threads";

/** Milliseconds in which a main thread that runs ends its watch by itself, after a suspension of the machine as well. */
const grace = 1000;

/**
 * Ends the JavaScript that the main thread runs if a watch is over and the main thread has not said so: it is in a loop, and its
 * own timers cannot fire.
 */
const source = `
const { parentPort } = require("node:worker_threads");
const { Session } = require("node:inspector");
const watches = new Map();
const endLoop = () => {
  const session = new Session();
  session.connectToMainThread();
  session.post("Runtime.terminateExecution");
};
parentPort.on("message", ({ id, milliseconds }) => {
  clearTimeout(watches.get(id));
  watches.delete(id);
  if (milliseconds === undefined) return;
  watches.set(id, setTimeout(() => watches.set(id, setTimeout(endLoop, ${grace})), milliseconds));
});
`;

/** Ends loops that third-party code enters after it has waited for something, where no call bounds it any more. */
class LoopWatchdog {
  private worker: Worker | undefined;
  private watches = 0;

  /** From now on until `end`, code of the main thread that runs on past `milliseconds` is ended. */
  watch(milliseconds: number): { end(): void } {
    // A worker can end the loops of the main thread alone.
    if (!isMainThread) return { end: () => undefined };
    this.worker ??= start();
    const { worker } = this;
    this.watches += 1;
    const id = this.watches;
    worker.postMessage({ id, milliseconds });
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
