import type { ContainerSpec, File, RawOptions, Resource, Sandbox } from "../../api/index.js";
import { ownsSandbox } from "../../contracts/container-outline.js";
import type { ContainerRow, Store } from "../../contracts/index.js";
import type { Paths } from "../contracts/parts.js";
import { isIpcParameter } from "../requests/namespace-words.js";
import { newId, shortId } from "../rows/identifiers.js";

/** A sandbox with a namespace of its own, for a container to whom none is kept: see {@link keeperOf}. */
export function newSandbox(paths: Paths, hostname: string, maker: string): Sandbox & { readonly netns: string } {
  const sandbox = sandboxIn(paths, hostname);
  return { ...sandbox, netns: `${paths.run}/netns/${shortId(sandbox.id)}`, maker };
}

/** A sandbox in the host's namespace, or in one that tsd did not make. */
export function sandboxIn(paths: Paths, hostname: string, netns?: string): Sandbox {
  const id = newId();
  const directory = `${paths.run}/sandboxes/${shortId(id)}`;
  return { id, directory, hostname, hosts: [], ...(netns === undefined ? {} : { netns }) };
}

/** Any user of a container may bind a low port, and ping: nothing in a namespace of its own is to be kept from them. */
const openParameters = {
  "net/ipv4/ip_unprivileged_port_start": "0",
  "net/ipv4/ping_group_range": "0 2147483647",
} as const;

/** Parameters by their paths below /proc/sys, which users write with dots as well. */
export function byPath(sysctls: RawOptions = {}): RawOptions {
  return Object.fromEntries(Object.entries(sysctls).map(([key, value]) => [key.replaceAll(".", "/"), value]));
}

/** What exists for a sandbox: the files that name hosts, and if tsd made it its namespace, with what is in it. */
export function sandboxResources(
  sandbox: Sandbox,
  files: readonly File[],
  own?: { readonly sysctls: ContainerSpec["sysctls"]; readonly hasResolver: boolean },
): readonly Resource[] {
  const { directory, netns } = sandbox;
  const named: readonly Resource[] = [{ kind: "directory", path: directory, mode: 0o755 }, ...files];
  if (netns === undefined || own === undefined) return named;
  return [
    ...named,
    { kind: "netns", path: netns },
    { kind: "link", type: "loopback", name: "lo", netns },
    ...Object.entries({ ...openParameters, ...byPath(own.sysctls) })
      .filter(([key]) => !isIpcParameter(key))
      .map(([key, value]) => ({ kind: "sysctl", netns, key, value }) as const),
    ...(own.hasResolver ? [{ kind: "resolver", netns } as const] : []),
  ];
}

/** The part of a row's list that is its sandbox's, and the rest. Empty for a container that joined another's. */
export function splitSandbox(row: ContainerRow): {
  readonly sandbox: readonly Resource[];
  readonly rest: readonly Resource[];
} {
  const { sandbox } = row.container;
  const isOf = (resource: Resource): boolean =>
    sandbox !== undefined &&
    (("path" in resource && (resource.path === sandbox.netns || resource.path.startsWith(sandbox.directory))) ||
      ("netns" in resource && resource.netns !== undefined && resource.netns === sandbox.netns));
  return {
    sandbox: row.resources.filter(isOf),
    rest: row.resources.filter((resource) => !isOf(resource)),
  };
}

/** The container that keeps alive what was the network of one that runs no more, or not yet again. */
export function keeperOf(store: Pick<Store, "containers">, { id, container }: ContainerRow): ContainerRow | undefined {
  // One that has not run has made nothing.
  if (container.startedAt === undefined) return undefined;
  return store.containers.inSandboxMadeBy(id).find((row) => row.id !== id && ownsSandbox(row));
}

/** The container whose own network it is that this one has now; undefined for one that is removed. */
export function makerOf(store: Pick<Store, "containers">, row: ContainerRow): ContainerRow | undefined {
  const maker = row.container.sandbox?.maker;
  return maker === undefined || maker === row.id ? row : store.containers.get(maker);
}
