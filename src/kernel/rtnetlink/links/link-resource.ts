import type { Drift } from "../../../api/provider.js";
import type { Link, VethLink } from "../../../api/resource.js";
import { MAX_LEARNED } from "../link-kinds/bridge.js";
import { kindOf } from "../link-kinds/kind-of.js";
import type { LinkState } from "../messages/link.js";
import { nsenterCommand } from "../session/nsenter-command.js";
import type { Snapshot, Snapshots } from "../session/snapshots.js";
import { bridgePortTraits, describeBridgePort, isBridgePort } from "./bridge-port.js";
import { foreignTrait, isPair } from "./link-identity.js";

export function inspectLink(snapshots: Snapshots, resource: Link): Drift | undefined {
  const snapshot = snapshots.at(resource.netns);
  const found = snapshot?.link(resource.name);
  if (snapshot === undefined || found === undefined) return { resource, problem: "missing" };
  const trait = resource.type === "loopback" ? undefined : foreignTrait(resource, found);
  const traits = [
    ...(trait === undefined ? [] : [trait]),
    ...(found.up ? [] : ["is down"]),
    ...(resource.mtu === undefined || resource.mtu === found.mtu ? [] : [`has MTU ${found.mtu}`]),
    ...(resource.type === "bridge" && trait === undefined ? bridgeTraits(found) : []),
    ...(resource.type === "veth" ? vethTraits(snapshots, resource, { snapshot, found }) : []),
  ];
  return traits.length === 0 ? undefined : { resource, problem: "different", found: traits.join(", ") };
}

function bridgeTraits({ learnsFromLinkLocal, maxLearned }: LinkState): readonly string[] {
  return [
    ...(learnsFromLinkLocal ? ["learns from frames to link-local groups"] : []),
    ...(maxLearned === undefined || maxLearned === MAX_LEARNED
      ? []
      : [`learns ${maxLearned === 0 ? "any number of" : maxLearned} addresses`]),
  ];
}

interface NearEnd {
  readonly snapshot: Snapshot;
  readonly found: LinkState;
}

function vethTraits(snapshots: Snapshots, link: VethLink, { snapshot, found }: NearEnd): readonly string[] {
  const { master, peer } = link;
  const traits: string[] = [];
  const actual = found.master === undefined ? undefined : snapshot.linkName(found.master);
  if (master !== undefined && actual !== master) {
    traits.push(actual === undefined ? "is no port of a bridge" : `is a port of ${actual}`);
  }
  if (link.hairpin && !found.hairpin) traits.push("has hairpin mode off");
  if (link.isolated && !found.isolated) traits.push("is not isolated");
  if (isBridgePort(link)) traits.push(...bridgePortTraits(snapshot, link, found));
  const far = snapshots.at(peer.netns)?.link(peer.name);
  if (!isPair(link, found, far)) traits.push(`does not lead to ${peer.name}`);
  else {
    if (!far.up) traits.push(`leads to ${peer.name}, which is down`);
    if (link.mtu !== undefined && far.mtu !== link.mtu) traits.push(`leads to ${peer.name}, which has MTU ${far.mtu}`);
  }
  return traits;
}

/**
 * iproute2 words, in several lines where one request cannot do it: the other end of a veth can be brought up only once it
 * exists, and a bridge keeps only an MTU that is set afterwards, as its ports do their settings.
 */
export function describeLink(verb: "ensure" | "remove", link: Link, mark?: string): readonly string[] {
  if (verb === "remove")
    return link.type === "loopback" ? [] : [nsenterCommand(link.netns, `ip link delete ${link.name}`)];
  if (link.type === "loopback") return [nsenterCommand(link.netns, `ip link set ${link.name} up`)];
  const kind = kindOf(link);
  const port = isBridgePort(link) ? link : undefined;
  const mtu = link.mtu === undefined ? [] : ["mtu", String(link.mtu)];
  const words = [
    ...["ip", "link", "add", link.name, "up"],
    ...(port === undefined ? [] : ["arp", "off"]),
    ...(link.mac === undefined ? [] : ["address", link.mac]),
    ...(kind.keepsMtu ? mtu : []),
    ...(link.type === "veth" && link.master !== undefined ? ["master", link.master] : []),
    ...["type", link.type, ...kind.words(link)],
  ];
  return [
    nsenterCommand(link.netns, words.join(" ")),
    ...(kind.keepsMtu || mtu.length === 0
      ? []
      : [nsenterCommand(link.netns, `ip link set ${link.name} ${mtu.join(" ")}`)]),
    ...(mark === undefined ? [] : [nsenterCommand(link.netns, `ip link set ${link.name} alias "${mark}"`)]),
    ...(port === undefined ? [] : describeBridgePort(port)),
    ...(link.type === "veth" ? [nsenterCommand(link.peer.netns, `ip link set ${link.peer.name} up`)] : []),
  ];
}
