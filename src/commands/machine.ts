import { arch, availableParallelism, hostname, totalmem } from "node:os";
import type { Machine } from "../presenters/version-info.js";

export function readMachine(): Machine {
  return { arch: arch(), hostname: hostname(), processors: availableParallelism(), memory: totalmem() };
}
