import { kernelError } from "./errno.js";
import { libc } from "./libc.js";

/** <linux/fcntl.h>. */
const F_DUPFD_CLOEXEC = 1030;

/** Another descriptor of what `descriptor` is of, which no program inherits. Throws `kernel`. */
export function duplicateDescriptor(descriptor: number): number {
  const duplicate = libc().fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  if (duplicate < 0) throw kernelError({ operation: "duplicate a descriptor", errno: libc().errno() });
  return duplicate;
}
