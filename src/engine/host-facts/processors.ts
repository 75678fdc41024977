import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { type MachineBounds, parseSet } from "../../contracts/number-set.js";

/** Processors and memory nodes that are online: Documentation/ABI/testing/sysfs-devices-system-cpu and -node. */
export function machineBounds(): MachineBounds {
  const online = onlineIn("cpu");
  return {
    processors: online.length > 0 ? online : cpus().map((_cpu, at) => at),
    memoryNodes: onlineIn("node", [0]),
  };
}

function onlineIn(kind: "cpu" | "node", otherwise: readonly number[] = []): readonly number[] {
  try {
    const ranges = parseSet(readFileSync(`/sys/devices/system/${kind}/online`, "utf8").trim()) ?? [];
    return ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => first + at));
  } catch {
    return otherwise;
  }
}
