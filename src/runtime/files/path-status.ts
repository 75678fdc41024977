import { readlinkSync, type Stats } from "node:fs";
import type { PathStatus } from "../../api/index.js";
import type { Place } from "../../kernel/files/place.js";

/** What is at a place, under the name that it was asked for by; undefined for nothing. */
export function pathStatus(place: Place, name: string): PathStatus | undefined {
  const status = place.status();
  if (status === undefined) return undefined;
  const common = {
    name,
    type: typeOf(status),
    size: status.size,
    mode: status.mode,
    modified: status.mtime.toISOString(),
  };
  return status.isSymbolicLink() ? { ...common, linkTarget: readlinkSync(place.path, "utf8") } : common;
}

function typeOf(status: Stats): PathStatus["type"] {
  if (status.isDirectory()) return "directory";
  if (status.isSymbolicLink()) return "link";
  return status.isFile() ? "file" : "other";
}
