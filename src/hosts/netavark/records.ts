import type { Learned } from "../../api/index.js";
import { makeDirectory } from "../../kernel/files/directory-resource.js";
import { ensureFile, removeFile } from "../../kernel/files/file-resource.js";
import { readIfPresent } from "../../kernel/files/read-if-present.js";

/** That `setup` was called; and what it replied, once it has. */
export interface EndpointRecord {
  readonly status?: Learned;
}

/** What must be remembered of the calls about one network: a file for itself, and one for each endpoint. */
export class Records {
  constructor(private readonly directory: string) {}

  /** As `create` completed it; undefined where that is lost. */
  network(): object | undefined {
    return parsed(readIfPresent(this.path("network")));
  }

  keepNetwork(network: object): void {
    this.keep("network", network);
  }

  forgetNetwork(): void {
    this.forget("network");
  }

  /** Undefined where `setup` was not called. */
  endpoint(id: string): EndpointRecord | undefined {
    const text = readIfPresent(this.path(id));
    // A file that a power cut emptied says that much.
    return text === undefined ? undefined : (parsed(text) ?? {});
  }

  keepEndpoint(id: string, record: EndpointRecord): void {
    this.keep(id, record);
  }

  forgetEndpoint(id: string): void {
    this.forget(id);
  }

  private keep(name: string, content: object): void {
    makeDirectory(this.directory, 0o700);
    ensureFile({ kind: "file", path: this.path(name), content: JSON.stringify(content) });
  }

  private forget(name: string): void {
    removeFile({ kind: "file", path: this.path(name), content: "" });
  }

  private path(name: string): string {
    return `${this.directory}/${name}.json`;
  }
}

function parsed(text: string | undefined): object | undefined {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
