import { existsSync } from "node:fs";
import type { Membership } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";

/** Throws `not-found` where a file is not there by which this host and etcd are to know each other. */
export function requireEtcdFiles({ ca, cert, key, passwordFile }: NonNullable<Membership["etcd"]>): void {
  const files = { "--ca": ca, "--cert": cert, "--key": key, "--password-file": passwordFile };
  for (const [flag, path] of Object.entries(files)) {
    if (path === undefined || existsSync(path)) continue;
    throw new TsdError({
      kind: "not-found",
      code: "TSD_CLUSTER_FILE",
      message: `there is no file ${path} for ${flag}`,
      hint: "Give the path of a file of this host, which stays there: tsd reads it whenever it asks etcd.",
      details: { flag, path },
    });
  }
}
