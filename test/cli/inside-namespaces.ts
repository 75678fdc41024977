import { readdirSync } from "node:fs";
import type { Resource } from "../../src/api/index.js";
import type { Host } from "../support/lab/host.js";
import { Namespace } from "../support/lab/namespace.js";

interface Listed {
  readonly ifname: string;
  readonly addr_info: readonly { readonly local: string; readonly prefixlen: number; readonly scope: string }[];
}

interface ListedRoute {
  readonly dst: string;
  readonly gateway?: string;
  readonly dev: string;
  readonly metric?: number;
}

/** Links, addresses and routes in tsd's namespaces, a line each: `inside /run/…: address 10.10.10.2/24 on eth0`. */
export async function insideNamespaces({ runDirectory }: Host): Promise<readonly string[]> {
  const directory = `${runDirectory}/netns`;
  const paths = readdirSync(directory).map((name) => `${directory}/${name}`);
  return (await Promise.all(paths.map(linesOf))).flat();
}

async function linesOf(path: string): Promise<readonly string[]> {
  const namespace = new Namespace(path);
  const list = async <T>(...words: readonly string[]): Promise<readonly T[]> =>
    JSON.parse((await namespace.mustRun(["ip", "-json", ...words])) || "[]");
  const links = (await list<Listed>("address")).filter(({ ifname }) => ifname !== "lo");
  // What the kernel adds by itself, to neighbours and link-local, is of its own protocol.
  const routes = [
    ...(await list<ListedRoute>("-4", "route", "show", "proto", "116")),
    ...(await list<ListedRoute>("-6", "route", "show", "proto", "116")),
  ];
  return [
    ...links.map(({ ifname }) => `link ${ifname}`),
    ...links.flatMap(({ ifname, addr_info }) =>
      addr_info
        .filter(({ scope }) => scope === "global")
        .map(({ local, prefixlen }) => `address ${local}/${prefixlen} on ${ifname}`),
    ),
    ...routes.map(({ dst, gateway, dev, metric }) => routeLine(dst, { gateway, dev, metric })),
  ].map((line) => `inside ${path}: ${line}`);
}

/** A resource that is made in a namespace, as it is then listed. */
export function linesInside(resource: Resource): readonly string[] {
  switch (resource.kind) {
    case "link":
      return resource.type === "veth" && resource.peer.netns !== undefined
        ? [`inside ${resource.peer.netns}: link ${resource.peer.name}`]
        : [];
    case "address":
      return resource.netns === undefined
        ? []
        : [`inside ${resource.netns}: address ${resource.address} on ${resource.link}`];
    case "route": {
      const { netns, destination, gateway, link, metric } = resource;
      return netns === undefined ? [] : [`inside ${netns}: ${routeLine(destination, { gateway, dev: link, metric })}`];
    }
    default:
      return [];
  }
}

/** Whether the kernel takes what is listed away along with a resource. */
export function goesWith(resource: Resource, line: string): boolean {
  if (resource.kind === "netns") return line.startsWith(`inside ${resource.path}: `);
  if (resource.kind !== "link") return false;
  if (resource.type === "bridge") return line.startsWith("address ") && line.endsWith(` on ${resource.name}`);
  if (resource.type !== "veth") return false;
  const { netns, name } = resource.peer;
  return line.startsWith(`inside ${netns}: `) && line.includes(` on ${name}`);
}

function routeLine(
  destination: string,
  { gateway, dev, metric }: { gateway?: string | undefined; dev: string; metric?: number | undefined },
): string {
  const to = /^(0\.0\.0\.0|::)\/0$/.test(destination) ? "default" : destination;
  return `route ${to} via ${gateway ?? "none"} on ${dev} metric ${metric ?? 0}`;
}
