import { readdirSync, readlinkSync } from "node:fs";
import { errnoOf } from "../errno.js";
import { namesIn } from "../files/names-in.js";
import { readIfPresent } from "../files/read-if-present.js";

export interface SocketHolder {
  readonly pid: number;
  /** As in `/proc/PID/comm`. */
  readonly name: string;
}

/** Which process has each of the sockets, by inode, see proc_pid_fd(5). Those that no process shows are left out. */
export function socketHolders(inodes: ReadonlySet<string>): ReadonlyMap<string, SocketHolder> {
  const holders = new Map<string, SocketHolder>();
  for (const pid of inodes.size === 0 ? [] : namesIn("/proc").filter((name) => /^\d+$/.test(name))) {
    for (const inode of socketsOf(pid)) {
      if (!inodes.has(inode) || holders.has(inode)) continue;
      holders.set(inode, { pid: Number(pid), name: readIfPresent(`/proc/${pid}/comm`)?.trim() ?? "" });
    }
    if (holders.size === inodes.size) break;
  }
  return holders;
}

function socketsOf(pid: string): readonly string[] {
  const directory = `/proc/${pid}/fd`;
  const descriptors = unlessGone(() => readdirSync(directory)) ?? [];
  return descriptors.flatMap((descriptor) => {
    const target = unlessGone(() => readlinkSync(`${directory}/${descriptor}`)) ?? "";
    return /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? [];
  });
}

/** Undefined for what ended meanwhile, a process or a descriptor, or is not shown. */
function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}
