import { execFileSync } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { closeSync, openSync, readdirSync } from "node:fs";
import { BOUNDARY_OPERATIONS, type BoundaryOperation } from "../../../src/api/boundary-operation.js";
import { libc } from "../../../src/kernel/libc.js";
import { CLONE_NEWNET, OWN_NETNS } from "../../../src/kernel/netns/netns.js";

let home: number | undefined;

/**
 * Gives the tests of one file a network namespace and a /run of their own. Only the main thread moves, and with it all
 * that it spawns; the whole project runs inside a private mount namespace.
 */
export function enterWorld(): void {
  home = openSync(OWN_NETNS, "r");
  if (libc().unshare(CLONE_NEWNET) < 0) throw new Error("cannot make a network namespace");
  execFileSync("mount", ["-t", "tmpfs", "tmpfs", "/run"]);
  execFileSync("ip", ["link", "set", "lo", "up"]);
}

export function leaveWorld(): void {
  if (home === undefined) return;
  if (libc().setns(home, CLONE_NEWNET) < 0) throw new Error("cannot come home");
  closeSync(home);
  home = undefined;
  execFileSync("umount", ["-l", "/run"]);
}

/** `ip -j …`, in the namespace at `netns` where given. */
export function ip(args: string, netns?: string): Record<string, unknown>[] {
  const argv = ["ip", "-j", ...args.split(" ")];
  const [file = "", ...rest] = netns === undefined ? argv : ["nsenter", `--net=${netns}`, ...argv];
  const text = execFileSync(file, rest, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  return text.trim() === "" ? [] : JSON.parse(text);
}

export function linkNames(netns?: string): readonly unknown[] {
  return ip("link show", netns).map(({ ifname }) => ifname);
}

export function countDescriptors(): number {
  return readdirSync("/proc/self/fd").length;
}

/** What went to the kernel by netlink while `work` was done. */
export function netlinkOperations(work: () => Promise<unknown>): Promise<readonly string[]> {
  return operationsInto("netlink", work);
}

/** What went over tsd's boundary to that side while `work` was done. */
export async function operationsInto(
  side: BoundaryOperation["into"],
  work: () => Promise<unknown>,
): Promise<readonly string[]> {
  const seen: string[] = [];
  const listen = (message: unknown): void => {
    const { phase, into, what } = message as BoundaryOperation;
    if (phase === "before" && into === side) seen.push(what);
  };
  subscribe(BOUNDARY_OPERATIONS, listen);
  try {
    await work();
  } finally {
    unsubscribe(BOUNDARY_OPERATIONS, listen);
  }
  return seen;
}
