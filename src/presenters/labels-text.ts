import type { Labels } from "../api/index.js";

/** `a=1,b=2`, as docker's Labels placeholder. */
export function labelsText(labels: Labels = {}): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}

/** docker's `{{.Label "tier"}}` of a row: empty for a label that it does not have. */
export function labelOf(labels: Labels = {}): (name: unknown) => string {
  return (name) => (Object.hasOwn(labels, String(name)) ? (labels[String(name)] ?? "") : "");
}
