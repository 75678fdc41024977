import { constants } from "node:os";
import { getSystemErrorMessage } from "node:util";
import { openFilesHints } from "../errors/open-files.js";
import { TsdError } from "../errors/tsd-error.js";

/** A system call or a netlink request that Linux refused. */
export interface KernelRefusal {
  /** Imperative words for what was tried: `create link`. */
  readonly operation: string;
  /** What it was tried on: `br0`. */
  readonly object?: string;
  /** Positive, as in <errno.h>. */
  readonly errno: number;
  /** The kernel's own explanation, from an extended acknowledgement. */
  readonly reason?: string;
  readonly hint?: string;
  readonly cause?: unknown;
}

/** `EEXIST` for 17; `errno 4711` for a number that this platform does not name. */
export function errnoName(errno: number): string {
  for (const [name, value] of Object.entries(constants.errno)) if (value === errno) return name;
  return `errno ${errno}`;
}

/** The number of a `NodeJS.ErrnoException` thrown by node:fs; undefined for any other value. */
export function errnoOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("errno" in error)) return undefined;
  return typeof error.errno === "number" ? Math.abs(error.errno) : undefined;
}

/**
 * True for what node:fs threw about a file that is not there, or that went between its opening and its use: a control group's
 * replies ENODEV then (kernfs), a process's ESRCH (proc(5)).
 */
export function isAbsence(error: unknown): boolean {
  const { ENOENT, ENODEV, ESRCH } = constants.errno;
  return [ENOENT, ENODEV, ESRCH].includes(errnoOf(error) ?? 0);
}

/**
 * The error for a refusal: kind `permission` for EPERM and EACCES, else `kernel`; details hold operation, object, errno
 * name and the kernel's reason.
 */
export function kernelError(refusal: KernelRefusal): TsdError {
  const { operation, object, errno, reason } = refusal;
  const forbidden = errno === constants.errno.EPERM || errno === constants.errno.EACCES;
  const name = errnoName(errno);
  const hint = refusal.hint ?? (forbidden ? "Run tsd as root." : hintOf(name));
  return new TsdError({
    kind: forbidden ? "permission" : "kernel",
    code: forbidden ? "TSD_KERNEL_FORBIDDEN" : "TSD_KERNEL_REFUSED",
    message: `cannot ${operation}${object === undefined ? "" : ` ${object}`}: ${reason ?? getSystemErrorMessage(-errno)} (${name})`,
    ...(hint === undefined ? {} : { hint }),
    details: { operation, object, errno: name, reason },
    cause: refusal.cause,
  });
}

function hintOf(name: string): string | undefined {
  return name === "EMFILE" || name === "ENFILE" ? openFilesHints[name] : undefined;
}

/** {@link kernelError} for what node:fs threw; anything that carries no errno comes back as it is. */
export function fileError(operation: string, object: string, cause: unknown): unknown {
  const errno = errnoOf(cause);
  return errno === undefined ? cause : kernelError({ operation, object, errno, cause });
}
