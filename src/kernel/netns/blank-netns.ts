import { kernelError } from "../errno.js";
import { libc } from "../libc.js";
import { bracket, CLONE_NEWNET } from "./netns.js";

/**
 * Calls `work` with the calling thread in a new and empty network namespace that no other process uses. It ends once all is
 * closed that `work` opened in it. Synchronous, as {@link inNetns}.
 */
export function inBlankNetns<T>(work: () => T): T {
  return bracket(() => {
    if (libc().unshare(CLONE_NEWNET) < 0) {
      throw kernelError({ operation: "create network namespace", object: "for a comparison", errno: libc().errno() });
    }
    return work();
  });
}
