import { readFileSync } from "node:fs";
import type { Membership } from "../../contracts/index.js";
import { fileError } from "../../kernel/errno.js";
import { readPrivateFile } from "../../kernel/files/private-file.js";

export type EtcdPlace = NonNullable<Membership["etcd"]>;

/** Options of TLS: what etcd's certificate is checked against, and what this host shows. */
export interface Trust {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Throws `kernel` or `permission` for a file that cannot be read, or a key that others can read. */
export function readTrust({ ca, cert, key }: EtcdPlace): Trust {
  return {
    ...(ca === undefined ? {} : { ca: readText(ca) }),
    ...(cert === undefined ? {} : { cert: readText(cert) }),
    ...(key === undefined ? {} : { key: readPrivateFile(key, "the key file") }),
  };
}

/** Of etcd's user: read at each log-in, so that a new one is used once it is there. */
export function readPassword({ passwordFile }: EtcdPlace): string {
  return passwordFile === undefined ? "" : readPrivateFile(passwordFile, "the password file").replace(/\r?\n$/, "");
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw fileError("read", path, error);
  }
}
