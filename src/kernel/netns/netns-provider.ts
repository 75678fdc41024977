import type { Drift, Provider } from "../../api/provider.js";
import type { Netns } from "../../api/resource.js";
import { TsdError } from "../../errors/tsd-error.js";
import { boundaryOperation } from "../boundary-operation.js";
import { createNetns, dropNetns, isBareMountPoint, nameNetns } from "./named-netns.js";
import { isNetns } from "./netns.js";

/** Network namespaces with a name in the file system. */
export class NetnsProvider implements Provider<"netns"> {
  readonly kinds = ["netns"] as const;

  async ensure(resources: readonly Netns[]): Promise<void> {
    for (const resource of resources)
      boundaryOperation({ into: "netns", what: () => `make ${resource.path}` }, () => ensureNetns(resource));
  }

  /** A path that leads to something else than a namespace stays as it is. */
  async remove(resources: readonly Netns[]): Promise<void> {
    for (const { path } of resources.filter(({ path }) => isNetns(path) || isBareMountPoint(path))) {
      boundaryOperation({ into: "netns", what: () => `drop ${path}` }, () => dropNetns(path));
    }
  }

  async inspect(resources: readonly Netns[]): Promise<readonly Drift[]> {
    return resources.filter(({ path }) => !isNetns(path)).map((resource) => ({ resource, problem: "missing" }));
  }

  /** `ip netns` where its directory is the path's, else the longer way of unshare(1) and umount(8). */
  async describe(verb: "ensure" | "remove", resources: readonly Netns[]): Promise<readonly string[]> {
    return resources.map(({ path, process }) => {
      if (verb === "ensure" && process !== undefined)
        return `touch ${path} && mount --bind /proc/${process.pid}/ns/net ${path}`;
      const name = /^(?:\/var)?\/run\/netns\/([^/]+)$/.exec(path)?.[1];
      if (verb === "remove") return name === undefined ? `umount -l ${path} && rm ${path}` : `ip netns delete ${name}`;
      return name === undefined ? `touch ${path} && unshare --net=${path} true` : `ip netns add ${name}`;
    });
  }
}

function ensureNetns({ path, process }: Netns): void {
  const make = process === undefined ? () => createNetns(path) : () => nameNetns(path, process);
  try {
    make();
  } catch (error) {
    if (!TsdError.is(error) || error.details.errno !== "EEXIST") throw error;
    if (isNetns(path)) return;
    if (!isBareMountPoint(path)) throw inTheWay(path, error);
    dropNetns(path);
    make();
  }
}

function inTheWay(path: string, cause: unknown): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_NETNS_CONFLICT",
    message: `${path} exists and is not a network namespace`,
    hint: `Look at it, and move it away: ls -la ${path}`,
    details: { path },
    cause,
  });
}
