import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { CniVersion } from "../../contracts/cni-version.js";
import { boundaryOperation } from "../../kernel/boundary-operation.js";
import { fileError } from "../../kernel/errno.js";
import type { CniAttachment, CniNetwork, JsonObject } from "./resources.js";
import { isSpoken } from "./versions.js";

/** What is known of an attachment. `result` is absent while ADD runs, and if it failed. */
export interface KeptAttachment {
  readonly version: CniVersion;
  readonly result?: JsonObject;
  /** What CHECK of each plug-in said right after ADD, which is no difference then; no text for nothing. */
  readonly complaints?: readonly string[];
  /** Indexes of the host's interfaces that the result names. */
  readonly hostLinks?: Readonly<Record<string, number>>;
}

/**
 * What plug-ins said, for the calls that come later: files below the directory of this boot, a directory for each network
 * (SPEC.md, "Cached results"). A file that is broken counts as missing.
 */
export class KeptState {
  constructor(private readonly directory: string) {}

  version({ id }: Pick<CniNetwork, "id">): CniVersion | undefined {
    return versionOf(this.read(this.file(id, "network")));
  }

  keepVersion({ id }: Pick<CniNetwork, "id">, version: CniVersion): void {
    this.write(this.file(id, "network"), { version });
  }

  /** Takes what is known of the network's attachments along: there are none any more. */
  forgetNetwork({ id }: Pick<CniNetwork, "id">): void {
    this.remove(`${this.directory}/${id}`);
    boundaryOperation({ into: "file", what: () => `remove ${this.directory} if it is empty` }, () => {
      try {
        rmdirSync(this.directory);
      } catch {
        // Other networks have something there.
      }
    });
  }

  attachment({ network, id }: CniAttachment): KeptAttachment | undefined {
    const found = this.read(this.file(network, id));
    const version = versionOf(found);
    if (version === undefined) return undefined;
    return {
      version,
      ...(isObject(found?.result) ? { result: found.result } : {}),
      ...(Array.isArray(found?.complaints) ? { complaints: found.complaints } : {}),
      ...(isObject(found?.hostLinks) ? { hostLinks: found.hostLinks as Record<string, number> } : {}),
    };
  }

  keepAttachment({ network, id }: CniAttachment, kept: KeptAttachment): void {
    this.write(this.file(network, id), kept);
  }

  forgetAttachment({ network, id }: CniAttachment): void {
    this.remove(this.file(network, id));
  }

  private file(network: string, name: string): string {
    return `${this.directory}/${network}/${name}.json`;
  }

  private read(file: string): JsonObject | undefined {
    try {
      const value: unknown = JSON.parse(readFileSync(file, "utf8"));
      return isObject(value) ? value : undefined;
    } catch {
      return undefined;
    }
  }

  private write(file: string, value: object): void {
    act("write", file, () => {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(`${file}.new`, JSON.stringify(value), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    });
  }

  private remove(path: string): void {
    act("remove", path, () => rmSync(path, { recursive: true, force: true }));
  }
}

function act(operation: string, path: string, work: () => void): void {
  boundaryOperation({ into: "file", what: () => `${operation} ${path}` }, () => {
    try {
      work();
    } catch (error) {
      throw fileError(operation, path, error);
    }
  });
}

function versionOf(value: JsonObject | undefined): CniVersion | undefined {
  const { version } = value ?? {};
  return typeof version === "string" && isSpoken(version) ? version : undefined;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
