import { closeSync, constants, openSync } from "node:fs";
import { constants as os } from "node:os";
import { TsdError } from "../../errors/tsd-error.js";
import { errnoOf, fileError, kernelError } from "../errno.js";
import { libc } from "../libc.js";

/** <sched.h>; also what NS_GET_NSTYPE returns for a network namespace. */
export const CLONE_NEWNET = 0x40000000;
/** _IO(0xb7, 0x3) of <linux/nsfs.h>; see ioctl_ns(2). */
const NS_GET_NSTYPE = 0xb703;
/** Of the calling thread: /proc/self is that of the main thread, which setns(2) need not have moved. */
export const OWN_NETNS = "/proc/thread-self/ns/net";

/**
 * Calls `work` with the calling thread inside a network namespace, named by its path or by an open descriptor, which
 * stays open. Strictly synchronous: anything that leaves for another thread inside the window (promises of node:fs, dns,
 * a Worker) would run in the wrong namespace, some of it for ever. Throws `not-found` or `invalid-input` for a path that
 * leads to no network namespace.
 */
export function inNetns<T>(netns: string | number, work: () => T): T {
  const target = typeof netns === "number" ? netns : openNetns(netns);
  try {
    return bracket(() => {
      if (libc().setns(target, CLONE_NEWNET) < 0) {
        throw kernelError({ operation: "enter network namespace", object: String(netns), errno: libc().errno() });
      }
      return work();
    });
  } finally {
    if (typeof netns !== "number") closeSync(target);
  }
}

/** Runs `work`, which may move the thread to another network namespace, and moves it back. */
export function bracket<T>(work: () => T): T {
  const home = openSync(OWN_NETNS, constants.O_RDONLY);
  try {
    return work();
  } finally {
    // A process in an unknown namespace would configure the wrong machine: nothing it could still do is safe.
    if (libc().setns(home, CLONE_NEWNET) < 0) process.abort();
    closeSync(home);
  }
}

/**
 * Opens the network namespace at `path` and returns the descriptor, which the caller closes. Throws `not-found` or
 * `invalid-input`.
 */
export function openNetns(path: string): number {
  const fd = openExisting(path);
  if (libc().ioctl(fd, NS_GET_NSTYPE, undefined) === CLONE_NEWNET) return fd;
  closeSync(fd);
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_NETNS_INVALID",
    message: `${path} is not a network namespace`,
    hint: "Give a path such as /run/netns/NAME or /proc/PID/ns/net.",
    details: { path },
  });
}

/** True if `path` leads to a network namespace. Throws nothing for a path that does not exist. */
export function isNetns(path: string): boolean {
  try {
    closeSync(openNetns(path));
    return true;
  } catch (error) {
    if (TsdError.is(error, "not-found") || TsdError.is(error, "invalid-input")) return false;
    throw error;
  }
}

function openExisting(path: string): number {
  try {
    // Not blocking, since the path may be a fifo.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno !== os.errno.ENOENT && errno !== os.errno.ENOTDIR) throw fileError("open network namespace", path, error);
    throw new TsdError({
      kind: "not-found",
      code: "TSD_NETNS_MISSING",
      message: `there is no network namespace at ${path}`,
      hint: "List the namespaces that have a name with: ip netns",
      details: { path },
      cause: error,
    });
  }
}
