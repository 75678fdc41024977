import { constants } from "node:os";
import type { RuntimeProcess } from "../../api/process.js";
import { boundaryOperation } from "../boundary-operation.js";
import { errnoOf, kernelError } from "../errno.js";
import { libc } from "../libc.js";
import { processes } from "../process-identity.js";

/** Numbers of <asm-generic/unistd.h>, the same on all architectures. */
const SYS_PIDFD_SEND_SIGNAL = 424;
const SYS_PIDFD_OPEN = 434;

const { ESRCH } = constants.errno;

/**
 * Sends a signal to the process that started then, and to no later one with its pid: by pidfd_open(2), or kill(2) at once
 * after the look where the kernel has none. A process that is gone counts as signalled. Throws `kernel`.
 */
export function signalProcess(target: RuntimeProcess, signal: number): void {
  boundaryOperation({ into: "process", what: () => `kill -${signal} ${target.pid}` }, () => {
    const descriptor = libc().syscall(SYS_PIDFD_OPEN, target.pid, 0, 0, 0);
    try {
      // Looked at while the descriptor holds on to the process, so that it is this one that is signalled.
      if (!processes.isRunning(target)) return;
      if (descriptor < 0) kill(target.pid, signal);
      else sendTo(descriptor, target.pid, signal);
    } finally {
      if (descriptor >= 0) libc().close(descriptor);
    }
  });
}

function sendTo(descriptor: number, pid: number, signal: number): void {
  if (libc().syscall(SYS_PIDFD_SEND_SIGNAL, descriptor, signal, 0, 0) === 0) return;
  const errno = libc().errno();
  if (errno !== ESRCH) throw kernelError({ operation: `send signal ${signal} to`, object: `process ${pid}`, errno });
}

function kill(pid: number, signal: number): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (errnoOf(error) !== ESRCH) throw error;
  }
}
