import { openFilesHints } from "./open-files.js";
import { TsdError, type TsdErrorInit } from "./tsd-error.js";

/** What Node.js throws where Linux refuses a system call. */
interface SystemError {
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
  readonly message: string;
  readonly path?: string;
}

type Words = Pick<TsdErrorInit, "kind" | "code" | "message" | "hint">;

/**
 * The TsdError for a system call that failed where no part of tsd had words of its own for it; any other value as it is.
 * What lacks is the machine's: descriptors, processes, memory, room, a directory.
 */
export function describeSystemError(error: unknown): unknown {
  if (TsdError.is(error) || !isSystemError(error)) return error;
  const { code, syscall, path } = error;
  return new TsdError({ ...wordsFor(error), details: { errno: code, syscall, path }, cause: error });
}

function wordsFor(error: SystemError): Words {
  const { code, syscall } = error;
  if (syscall === "uv_cwd") {
    return {
      kind: "not-found",
      code: "TSD_SYSTEM_NO_DIRECTORY",
      message: `the current directory does not exist any more (${code})`,
      hint: "Change to a directory that exists, or give absolute paths.",
    };
  }
  return exhausted(error) ?? refusal(error);
}

function exhausted(error: SystemError): Words | undefined {
  const { code } = error;
  const what = callOf(error);
  switch (code) {
    case "EMFILE":
      return lacking("TSD_SYSTEM_FILES", `too many files are open to ${what}`, code, openFilesHints[code]);
    case "ENFILE":
      return lacking("TSD_SYSTEM_FILES", `the machine has too many files open to ${what}`, code, openFilesHints[code]);
    case "EAGAIN":
      return lacking(
        "TSD_SYSTEM_PROCESSES",
        `there are too many processes to ${what}`,
        code,
        "Raise the limit on them, ulimit -u or pids.max of the cgroup, or end some.",
      );
    case "ENOMEM":
      return lacking(
        "TSD_SYSTEM_MEMORY",
        `there is not enough memory to ${what}`,
        code,
        "End something that takes memory, or raise the limit on it: ulimit -v",
      );
    case "ENOSPC":
    case "EDQUOT":
      return lacking(
        "TSD_SYSTEM_DISK",
        `the disk is full: cannot ${what}`,
        code,
        "Make room on that file system, which may lack inodes too: df -h; df -i",
      );
    case "EFBIG":
      return lacking(
        "TSD_SYSTEM_FILE_SIZE",
        `a file would grow beyond the limit: cannot ${what}`,
        code,
        "Raise the limit on the size of files: ulimit -f",
      );
    default:
      return undefined;
  }
}

function lacking(code: string, message: string, errno: string, hint: string): Words {
  return { kind: "exhausted", code, message: `${message} (${errno})`, hint };
}

function refusal(error: SystemError): Words {
  const { code } = error;
  const message = `cannot ${callOf(error)}: ${reasonOf(error)} (${code})`;
  switch (code) {
    case "EACCES":
    case "EPERM":
      return { kind: "permission", code: "TSD_SYSTEM_FORBIDDEN", message, hint: "Run tsd as root." };
    case "EROFS":
      return {
        kind: "kernel",
        code: "TSD_SYSTEM_READ_ONLY",
        message,
        hint: "Mount the file system writable, then try again.",
      };
    case "EIO":
      return { kind: "kernel", code: "TSD_SYSTEM_IO", message, hint: "Look for errors of the disk: dmesg | tail" };
    default:
      return { kind: "kernel", code: "TSD_SYSTEM_REFUSED", message };
  }
}

/** `open /dev/null/x`, `spawn /usr/bin/conmon`. */
function callOf({ syscall, path }: SystemError): string {
  return path === undefined || syscall.includes(path) ? syscall : `${syscall} ${path}`;
}

/** Between the code that Node.js begins with and the call that it ends with. */
function reasonOf({ message, code }: SystemError): string {
  return /^[A-Z0-9]+: ([^,]+),/.exec(message)?.[1] ?? code;
}

function isSystemError(error: unknown): error is SystemError {
  if (typeof error !== "object" || error === null) return false;
  const { code, errno, syscall, message } = error as Partial<SystemError>;
  return [code, syscall, message].every((text) => typeof text === "string") && typeof errno === "number";
}
