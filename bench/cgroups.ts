import { existsSync, readdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { complaintOf } from "./complaint.ts";

const ROOT = "/sys/fs/cgroup";
/** What docker and podman make at the top of a hierarchy and leave there. */
const NAMES = ["docker", "libpod_parent"];

/**
 * Cgroups are the one thing of the machine that a world of namespaces shares. Returns a function that removes those which
 * engines leave and which are not there now; one with a process in it stays, and is told.
 */
export function watchCgroups(): () => void {
  const absent = placesOf(NAMES).filter((path) => !existsSync(path));
  return () => {
    for (const path of absent) if (existsSync(path)) removeTree(path);
  };
}

/** In version 2 and in every hierarchy of version 1. */
function placesOf(names: readonly string[]): readonly string[] {
  const hierarchies = existsSync(ROOT) ? readdirSync(ROOT, { withFileTypes: true }) : [];
  const tops = [ROOT, ...hierarchies.filter((entry) => entry.isDirectory()).map(({ name }) => join(ROOT, name))];
  return tops.flatMap((top) => names.map((name) => join(top, name)));
}

/** Engines may still end, and make or remove groups at the same moment: nothing that this meets is a failure. */
function removeTree(path: string): void {
  try {
    for (const entry of readdirSync(path, { withFileTypes: true }))
      if (entry.isDirectory()) removeTree(join(path, entry.name));
    rmdirSync(path);
  } catch (error) {
    if (existsSync(path)) console.error(`bench: a control group stays: ${complaintOf(error)}`);
  }
}
