import { readdirSync } from "node:fs";
import { libc } from "../libc.js";

/** <asm-generic/fcntl.h>. */
const F_SETFD = 2;
const FD_CLOEXEC = 1;

const FIRST_BEYOND_STANDARD_STREAMS = 3;

/**
 * By these a service manager hands sockets on (sd_listen_fds(3), sd_notify(3)), and conmon and runc talk to their parents:
 * a runtime that sees them passes descriptors into the container.
 */
const withheld = /^(LISTEN_(PID|FDS|FDNAMES)|NOTIFY_SOCKET|_OCI_\w+|_LIBCONTAINER_\w+)$/;

/**
 * What a program that starts next inherits beside its standard streams: an environment, which is returned, and no
 * descriptor. Those that the calling process inherited itself are marked close-on-exec, since Node.js does so only up to
 * the first number that is free.
 */
export function inheritance(added: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  for (const name of readdirSync("/proc/self/fd")) {
    const descriptor = Number(name);
    if (descriptor >= FIRST_BEYOND_STANDARD_STREAMS) libc().fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  }
  const own = Object.entries(process.env).filter(([name]) => !withheld.test(name));
  return { ...Object.fromEntries(own), ...added };
}
