import { readFileSync } from "node:fs";
import { arch, availableParallelism, hostname, machine, totalmem } from "node:os";
import type { Machine } from "../presenters/version-info.js";

export function readMachine(): Machine {
  return {
    arch: arch(),
    hostname: hostname(),
    hardware: machine(),
    system: readSystem(),
    processors: availableParallelism(),
    memory: totalmem(),
  };
}

/** os-release(5). */
function readSystem(): Machine["system"] {
  let text = "";
  try {
    text = readFileSync("/etc/os-release", "utf8");
  } catch {
    // A machine without it has no name.
  }
  const value = (name: string): string => new RegExp(`^${name}="?([^"\n]*)"?$`, "m").exec(text)?.[1] ?? "";
  return { name: value("PRETTY_NAME"), version: value("VERSION_ID") };
}
