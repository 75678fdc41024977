import { basename } from "node:path";
import { isIntent, type NatIntent, type Provider, type Resource } from "../../api/index.js";
import { ip, runProgram } from "../lab/host-programs.js";

/** What another program does to one resource. */
export interface Damage {
  /** A verb, as after "was": `deleted`. */
  readonly done: string;
  readonly act: () => Promise<unknown>;
}

/** How a resource is damaged; undefined for what stands in no place where it could be, or only for a moment. */
export function damageOf(resource: Resource, providers: readonly Provider[]): Damage | undefined {
  const own = providers.find(({ kinds }) => kinds.includes(resource.kind));
  if (own !== undefined) return { done: "removed", act: () => own.remove([resource]) };
  if (isIntent(resource)) return { done: "flushed from the packet filter", act: () => flush(resource) };
  switch (resource.kind) {
    case "link": {
      const { name, netns, type } = resource;
      if (type === "loopback") return { done: "set down", act: () => ip(`${inside(netns)}link set ${name} down`) };
      return { done: "deleted", act: () => ip(`${inside(netns)}link delete ${name}`) };
    }
    case "address": {
      const { address, link, netns } = resource;
      return { done: "deleted", act: () => ip(`${inside(netns)}address delete ${address} dev ${link}`) };
    }
    case "route": {
      const { destination, link, metric, netns } = resource;
      const which = metric === undefined ? "" : ` metric ${metric}`;
      return { done: "deleted", act: () => ip(`${inside(netns)}route delete ${destination} dev ${link}${which}`) };
    }
    case "sysctl": {
      const { key, value, netns } = resource;
      return { done: "changed", act: () => change(key, value, netns) };
    }
    case "localnet":
      return { done: "changed", act: () => change(`net/ipv4/conf/${resource.link}/route_localnet`, "1") };
    case "directory":
    case "file":
      return { done: "deleted", act: () => runProgram(["rm", "-r", resource.path]) };
    default:
      return undefined;
  }
}

function inside(netns: string | undefined): string {
  return netns === undefined ? "" : `-n ${basename(netns)} `;
}

/** Some parameters are kept in coarser units than they are written in, so that a small number changes nothing. */
async function change(key: string, value: string, netns?: string): Promise<void> {
  const enter = netns === undefined ? [] : ["nsenter", `--net=${netns}`];
  const script = 'for value in 0 1 100; do echo $value > "$1"; [ "$(cat "$1")" = "$2" ] || exit 0; done; exit 1';
  await runProgram([...enter, "sh", "-c", script, "sh", `/proc/sys/${key}`, value]);
}

type Listed = Readonly<
  Record<string, Partial<Record<"family" | "table" | "name", string>> & { readonly elem?: readonly unknown[] }>
>;

/** Deletes every element of tsd's tables that names the intent's owner in its comment. */
async function flush({ owner }: NatIntent): Promise<void> {
  const { nftables }: { readonly nftables: readonly Listed[] } = JSON.parse(
    await runProgram(["nft", "-j", "list", "ruleset"]),
  );
  const commands = nftables.flatMap((object) =>
    Object.values(object).flatMap(({ family, table, name, elem = [] }) =>
      elem.flatMap((entry) => {
        const left = (Array.isArray(entry) ? entry[0] : entry) as {
          readonly elem?: { val: unknown; comment?: string };
        };
        if (table !== "tsd" || !left.elem?.comment?.includes(owner.slice(0, 12))) return [];
        return [{ delete: { element: { family, table, name, elem: [left.elem.val] } } }];
      }),
    ),
  );
  if (commands.length === 0) throw new Error(`the packet filter has no element of ${owner.slice(0, 12)}`);
  await runProgram(["nft", "-j", JSON.stringify({ nftables: commands })]);
}
