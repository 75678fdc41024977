import type { Resource } from "../../api/index.js";
import { isIntent } from "../../api/intent.js";

/** Kinds that the kernel takes away with their namespace. What an extension makes in one, its own provider removes before. */
const goWithNetns: ReadonlySet<string> = new Set(["address", "route", "neighbour", "fdb", "sysctl", "announcement"]);

/**
 * The order in which a list is taken apart: packets stop first, then namespaces go, then the rest in reverse, and what
 * guards it last. What lives inside a namespace of the list goes with it and needs no removal of its own. A resolver lets go
 * before, since its sockets would keep a namespace alive that has no name. Beside a namespace, links come late: a veth whose peer
 * went that way is taken away by the kernel meanwhile, where deleting it by hand would wait some 20 ms for a grace period. A link
 * that lives there whole stands on one of the host's, and would keep its address on that until the kernel has taken the namespace
 * apart: it goes first, so that the next that has the address can come at once.
 */
export function removalOrder(resources: readonly Resource[]): readonly Resource[] {
  const reversed = [...resources].reverse();
  const namespaces = reversed.filter((resource) => resource.kind === "netns");
  const paths = new Set(namespaces.map(({ path }) => path));
  const guards = reversed.filter(isGuarding);
  const intents = reversed.filter((resource) => isIntent(resource) && !isGuarding(resource));
  const others = reversed.filter((resource) => resource.kind !== "netns" && !isIntent(resource));
  const inside = others.filter((resource) => livesIn(paths, resource));
  const isLate = ({ kind }: Resource): boolean => kind === "link" && namespaces.length > 0;
  const rest = others.filter((resource) => !livesIn(paths, resource));
  return [
    ...intents,
    ...inside.filter((resource) => !goesWithNetns(resource)),
    ...namespaces,
    ...rest.filter((resource) => !isLate(resource)),
    ...rest.filter(isLate),
    ...guards,
  ];
}

function isGuarding({ kind }: Resource): boolean {
  return kind === "guard" || kind === "segment";
}

function goesWithNetns(resource: Resource): boolean {
  return resource.kind === "link" ? resource.type === "loopback" : goWithNetns.has(resource.kind);
}

function livesIn(paths: ReadonlySet<string>, resource: Resource): boolean {
  const { netns } = resource as { readonly netns?: unknown };
  return typeof netns === "string" && paths.has(netns);
}
