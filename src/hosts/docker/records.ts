import { ensureDirectory } from "../../kernel/files/directory-resource.js";
import { ensureFile, removeFile } from "../../kernel/files/file-resource.js";
import { namesIn } from "../../kernel/files/names-in.js";
import { readIfPresent } from "../../kernel/files/read-if-present.js";

/**
 * What tsd must remember of what plug-ins were asked and replied, a file each. A record is written before the plug-in is asked
 * for the first time, and removed after it has given all back. So without one there is nothing to give back.
 */
export class Records<T extends object> {
  /** `sort` is the beginning of the files' names. */
  constructor(
    private readonly directory: string,
    private readonly sort: "network" | "endpoint" | "pools" | "leases",
  ) {}

  /** A record that a crash of the machine has spoilt counts as `spoilt`. */
  read(id: string, spoilt: T): T | undefined {
    const text = readIfPresent(this.path(id));
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text) as T;
    } catch {
      return spoilt;
    }
  }

  write(id: string, record: T): void {
    ensureDirectory({ kind: "directory", path: this.directory });
    ensureFile({ kind: "file", path: this.path(id), content: JSON.stringify(record) });
  }

  remove(id: string): void {
    removeFile({ kind: "file", path: this.path(id), content: "" });
  }

  ids(): readonly string[] {
    return namesIn(this.directory).flatMap((name) => {
      const [, sort, id] = /^([a-z]+)-([0-9a-f]{64})$/.exec(name) ?? [];
      return sort === this.sort && id !== undefined ? [id] : [];
    });
  }

  path(id: string): string {
    return `${this.directory}/${this.sort}-${id}`;
  }
}
