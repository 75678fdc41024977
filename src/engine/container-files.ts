import type { Container, Directory, File, Overlay, Resource } from "../api/index.js";
import { shortId } from "./identifiers.js";
import type { Parts, Paths } from "./parts.js";

export function dataDirectory(paths: Paths, id: string): string {
  return `${paths.root}/containers/${id}`;
}

/** Where a container's network namespace is bound while it runs. */
export function netnsPath(paths: Paths, id: string): string {
  return `${paths.run}/netns/${shortId(id)}`;
}

/** The root file system of a running container, as the host sees it. */
export function rootfsPath(paths: Paths, container: Container): string {
  return container.spec.rootfs ?? `${dataDirectory(paths, container.id)}/rootfs`;
}

/** What exists as long as the container does, running or not: what it wrote. */
export function keptResources(paths: Paths, container: Container): readonly Directory[] {
  const data = dataDirectory(paths, container.id);
  const directory = (path: string, mode?: number): Directory => ({
    kind: "directory",
    path,
    ...(mode === undefined ? {} : { mode }),
  });
  if (container.spec.rootfs !== undefined) return [directory(data)];
  return [directory(data), directory(`${data}/upper`, 0o755), directory(`${data}/work`), directory(`${data}/rootfs`)];
}

/** What a run needs beside its endpoints: root file system, namespace, and the files that name hosts. */
export function runResources(
  { paths, layerDirectory }: Pick<Parts, "paths" | "layerDirectory">,
  container: Container,
  files: readonly File[],
): readonly Resource[] {
  const netns = netnsPath(paths, container.id);
  // Overlayfs wants the topmost layer first; images list the lowest first.
  const lower = container.layers.map(layerDirectory).reverse();
  return [
    ...overlay(dataDirectory(paths, container.id), lower),
    ...files,
    { kind: "netns", path: netns },
    { kind: "link", type: "loopback", name: "lo", netns },
  ];
}

function overlay(data: string, lower: readonly string[]): readonly Overlay[] {
  if (lower.length === 0) return [];
  return [{ kind: "overlay", path: `${data}/rootfs`, lower, upper: `${data}/upper`, work: `${data}/work` }];
}

export interface NameFacts {
  readonly hostname: string;
  readonly addresses: readonly string[];
  readonly nameservers: readonly string[];
}

/** /etc/hosts, /etc/hostname and /etc/resolv.conf of a container; see hosts(5), resolv.conf(5). */
export function nameFiles(directory: string, facts: NameFacts): readonly File[] {
  const own = facts.addresses.map((address) => `${address.split("/")[0]}\t${facts.hostname}\n`).join("");
  const hosts = `127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n${own}`;
  // A resolver on the host's own loopback cannot be reached from another namespace.
  const nameservers = facts.nameservers.filter((server) => !server.startsWith("127.") && server !== "::1");
  const file = (name: string, content: string): File => ({
    kind: "file",
    path: `${directory}/${name}`,
    content,
    mode: 0o644,
  });
  return [
    file("hosts", hosts),
    file("hostname", `${facts.hostname}\n`),
    file("resolv.conf", nameservers.map((server) => `nameserver ${server}\n`).join("")),
  ];
}
