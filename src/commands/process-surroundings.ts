import { fstatSync, type Stats } from "node:fs";
import { isatty } from "node:tty";
import { writeError, writeOut } from "../cli/write-text.js";
import type { Surroundings } from "./surroundings.js";

/** Signals whose default action would end tsd and leave its container behind. */
const relayed: readonly NodeJS.Signals[] = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2"];

/** The process that runs the command. */
export const processSurroundings: Surroundings = {
  open: async (options) => (await import("../index.js")).openTsd(options),
  writeOut,
  writeError,
  streams: () => process,
  isTerminal: (descriptor) => mayBeTerminal(fstatSync(descriptor)) && isatty(descriptor),
  columns: (descriptor) => (descriptor === 1 ? process.stdout : process.stderr).columns || 80,
  ask: async (question) => {
    const { createInterface } = await import("node:readline/promises");
    // The terminal itself edits the line, ends it with Ctrl-D, and sends SIGINT for Ctrl-C.
    const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
    const ended = new Promise<undefined>((resolve) => lines.once("close", () => resolve(undefined)));
    try {
      return await Promise.race([lines.question(question), ended]);
    } finally {
      lines.close();
    }
  },
  get env() {
    return process.env;
  },
  get cwd() {
    return process.cwd();
  },
  now: () => Date.now(),
  onSignal: (listener) => {
    for (const signal of relayed) process.on(signal, listener);
    return () => {
      for (const signal of relayed) process.off(signal, listener);
    };
  },
};

/** Of /dev/null and its like; see Documentation/admin-guide/devices.txt of Linux. */
const MEMORY_DEVICES = 1;

/** A pipe, a file and /dev/null are distinguished without node:tty, which costs 2 ms to load. */
function mayBeTerminal(stats: Stats): boolean {
  return stats.isCharacterDevice() && stats.rdev >> 8 !== MEMORY_DEVICES;
}
