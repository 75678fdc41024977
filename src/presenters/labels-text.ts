import type { Labels } from "../api/index.js";

/** `a=1,b=2`, as docker's Labels placeholder. */
export function labelsText(labels: Labels = {}): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}
