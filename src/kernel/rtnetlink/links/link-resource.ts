import type { Link, VethLink } from "../../../api/link-resource.js";
import type { Drift } from "../../../api/provider.js";
import { isMadeInPlace, kindOf, type LinkKinds } from "../link-kinds/kind-of.js";
import type { KernelKind, VirtualLink } from "../link-kinds/link-kind.js";
import { queueWords } from "../link-kinds/veth.js";
import type { LinkState } from "../messages/link.js";
import { nsenterCommand } from "../session/nsenter-command.js";
import type { Snapshot, Snapshots } from "../session/snapshots.js";
import { type BridgePort, bridgePortTraits, describeBridgePort, isBridgePort, isProxied } from "./bridge-port.js";
import { describeReplaceableLink } from "./describe-replaceable-link.js";
import { foreignTrait, isPair } from "./link-identity.js";

export function inspectLink(snapshots: Snapshots, resource: Link, kinds: LinkKinds): Drift | undefined {
  const snapshot = snapshots.at(resource.netns);
  const found = snapshot?.link(resource.name);
  if (found === undefined && resource.handedOver) return undefined;
  if (snapshot === undefined || found === undefined) return { resource, problem: "missing" };
  const traits = [
    ...(resource.type === "loopback" ? [] : kindTraits(snapshots, resource, { found, kinds })),
    ...(found.up || resource.handedOver ? [] : ["is down"]),
    ...(resource.mtu === undefined || resource.mtu === found.mtu ? [] : [`has MTU ${found.mtu}`]),
    ...(isBridgePort(resource) ? portTraits(snapshot, resource, found) : []),
    ...(resource.type === "veth" ? farTraits(snapshots, resource, found) : []),
  ];
  return traits.length === 0 ? undefined : { resource, problem: "different", found: traits.join(", ") };
}

function kindTraits(
  snapshots: Snapshots,
  link: VirtualLink,
  { found, kinds }: { readonly found: LinkState; readonly kinds: LinkKinds },
): readonly string[] {
  const foreign = foreignTrait(link, found);
  if (foreign !== undefined) return [foreign];
  const kind = kindOf(link, kinds);
  const parent = kind.parent(link);
  const stands = parent === undefined || snapshots.at(undefined)?.link(parent)?.index === kind.standsOn(found);
  return [...kind.traits(link, found), ...(stands ? [] : [`does not stand on ${parent}`])];
}

function portTraits(snapshot: Snapshot, link: BridgePort, found: LinkState): readonly string[] {
  const { master } = link;
  const actual = found.master === undefined ? undefined : snapshot.linkName(found.master);
  const isPort = actual === master;
  return [
    ...(isPort ? [] : [actual === undefined ? "is no port of a bridge" : `is a port of ${actual}`]),
    ...bridgePortTraits(snapshot, link, found),
  ];
}

function farTraits(snapshots: Snapshots, link: VethLink, found: LinkState): readonly string[] {
  const { peer, group } = link;
  const near = group === undefined || group === found.group ? [] : [`is in group ${found.group}`];
  if (peer.handedOver) return near;
  const far = snapshots.at(peer.netns)?.link(peer.name);
  if (!isPair(link, found, far)) return [`does not lead to ${peer.name}`];
  return [
    ...near,
    ...(far.up ? [] : [`leads to ${peer.name}, which is down`]),
    ...(link.mtu === undefined || far.mtu === link.mtu ? [] : [`leads to ${peer.name}, which has MTU ${far.mtu}`]),
  ];
}

export interface Describing {
  readonly mark?: string | undefined;
  readonly kinds: LinkKinds;
}

/**
 * iproute2 words, in several lines where one request cannot do it: the other end of a veth can be brought up only once it
 * exists, and a bridge keeps only an MTU that is set afterwards, as its ports do their settings.
 */
export function describeLink(verb: "ensure" | "remove", link: Link, { mark, kinds }: Describing): readonly string[] {
  if (verb === "remove")
    return link.type === "loopback" ? [] : [nsenterCommand(link.netns, `ip link delete ${link.name}`)];
  if (link.type === "loopback") return [nsenterCommand(link.netns, `ip link set ${link.name} up`)];
  const kind = kindOf(link, kinds);
  if (!isMadeInPlace(link)) return describeReplaceableLink(link, kind, mark);
  return [...describeNewLink(link, { kind, mark }), ...describeFarEnd(link)];
}

function describeNewLink(
  link: VirtualLink,
  { kind, mark }: { readonly kind: KernelKind; readonly mark: string | undefined },
): readonly string[] {
  const port = isBridgePort(link) ? link : undefined;
  const mtu = link.mtu === undefined ? [] : ["mtu", String(link.mtu)];
  const words = [
    ...["ip", "link", "add", link.name, "up"],
    ...(port === undefined ? [] : ["arp", isProxied(port) ? "on" : "off"]),
    ...(link.mac === undefined ? [] : ["address", link.mac]),
    ...(kind.keepsMtu ? mtu : []),
    ...(port === undefined ? [] : ["master", port.master]),
    ...(link.type === "veth" && link.group !== undefined ? ["group", String(link.group)] : []),
    ...(link.type === "veth" ? queueWords : []),
    ...["type", link.type, ...kind.words(link)],
  ];
  return [
    nsenterCommand(link.netns, words.join(" ")),
    ...(kind.keepsMtu || mtu.length === 0
      ? []
      : [nsenterCommand(link.netns, `ip link set ${link.name} ${mtu.join(" ")}`)]),
    ...(mark === undefined ? [] : [nsenterCommand(link.netns, `ip link set ${link.name} alias "${mark}"`)]),
    ...(port === undefined ? [] : describeBridgePort(port)),
  ];
}

function describeFarEnd(link: VirtualLink): readonly string[] {
  if (link.type !== "veth" || link.peer.handedOver) return [];
  return [nsenterCommand(link.peer.netns, `ip link set ${link.peer.name} up`)];
}
