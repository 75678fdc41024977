import { resolve } from "node:path";

/**
 * True for a namespace that somebody else made, where a container might be named: `netns:PATH`, `netns:NAME`, `pid:N`.
 */
export function isForeign(target: string): boolean {
  return /^(?:netns|pid):/.test(target);
}

/** `netns:./lab` is relative to the caller, whom the library does not know; `netns:lab` is a name. */
export function absoluteTarget(target: string, cwd: string): string {
  const [, path] = /^netns:(.*\/.*)$/.exec(target) ?? [];
  return path === undefined ? target : `netns:${resolve(cwd, path)}`;
}
