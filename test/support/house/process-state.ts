import { parseSync } from "@swc/core";
import type { ProjectFile } from "./project-files.js";

const state = ["env", "argv", "cwd", "chdir"];

/**
 * Files that read the state of the process, and why they may: the entries turn it into values,
 * and children inherit the environment.
 */
const allowed = [
  /^src\/(main|cli|cni|cni-main|netavark|netavark-main|index|probe|(resolver|timers)-main)\.ts$/,
  /^src\/executable\/main\.ts$/,
  /^src\/cli\/run-cli\.ts$/,
  /^src\/commands\/process-surroundings\.ts$/,
  /^src\/kernel\/programs\/inheritance\.ts$/,
  /^src\/testing\/programs\//,
  // Shows that a driver does not read it.
  /^src\/testing\/driver\/purity\.ts$/,
];

/** Files that read `process.env`, `argv` or `cwd` where values should be passed in, each with what it reads. */
export function processStateReads(files: readonly ProjectFile[]): readonly string[] {
  return files
    .filter(({ path }) => path.endsWith(".ts") && !allowed.some((pattern) => pattern.test(path)))
    .flatMap(({ path, text }) =>
      reads(parseSync(text, { syntax: "typescript" })).map((name) => `${path}: process.${name}`),
    );
}

type Node = Readonly<Record<string, unknown>>;

function reads(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(reads);
  if (!isNode(node)) return [];
  const below = Object.values(node).flatMap(reads);
  const { type, object, property } = node;
  const read = type === "MemberExpression" && isNode(object) && object.value === "process" && isNode(property);
  return read && state.includes(String(property.value)) ? [String(property.value), ...below] : below;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null;
}
