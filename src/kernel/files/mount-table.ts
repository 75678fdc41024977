import { readFileSync } from "node:fs";

/** A mount of the caller's mount namespace; proc_pid_mountinfo(5). */
export interface Mount {
  readonly path: string;
  /** `overlay`, `tmpfs` … */
  readonly type: string;
  /** False where this mount, though not its file system, is read-only. */
  readonly writable: boolean;
  /** Options of the file system itself, as it shows them. */
  readonly options: string;
}

/** Every mount, oldest first, by default those the caller sees. The last one on a path covers the others. */
export function listMounts(process: number | "thread-self" = "thread-self"): readonly Mount[] {
  return parseMounts(readFileSync(`/proc/${process}/mountinfo`, "utf8"));
}

/** Paths of the mounts on something below `directory`, the directory itself included. */
export function mountsBelow(directory: string): readonly string[] {
  return listMounts()
    .map(({ path }) => path)
    .filter((path) => path === directory || path.startsWith(`${directory}/`));
}

/** Lines of /proc/PID/mountinfo; a line of another shape is left out. */
export function parseMounts(text: string): readonly Mount[] {
  return text.split("\n").flatMap((line) => {
    // ID PARENT DEVICE ROOT PATH OPTIONS [FIELD…] - TYPE SOURCE OPTIONS
    const fields = line.split(" ");
    const path = fields[4];
    const dash = fields.indexOf("-", 6);
    const type = fields[dash + 1];
    if (path === undefined || dash < 0 || type === undefined) return [];
    const writable = fields[5]?.split(",").includes("ro") !== true;
    return [{ path: unescapeOctal(path), type, writable, options: fields[dash + 3] ?? "" }];
  });
}

/** Characters that would end a field, and the backslash, are written in octal: `\040`. */
export function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
