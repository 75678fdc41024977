import type { BridgeLink, Link } from "../../../api/link-resource.js";
import type { Sysctl } from "../../../api/resource.js";
import { describeSysctl, inspectSysctl, setSysctl } from "../../netns/sysctl-resource.js";
import {
  describeIngressFilter,
  encodeGetIngressFilter,
  encodeIngressFilter,
  encodeIngressQdisc,
  isIngressFilter,
} from "../filters/ingress-filter.js";
import { canFilterIngress, isRefusedFilter, isRefusedQdisc } from "../filters/ingress-support.js";
import {
  dropping,
  linkLocalGroups,
  loopback,
  mappedSources,
  type PacketProgram,
  routers,
} from "../filters/packet-program.js";
import type { VirtualLink } from "../link-kinds/link-kind.js";
import { encodeGetEntry, encodeStickyEntry, isStickyEntry } from "../messages/fdb-entry.js";
import type { LinkState } from "../messages/link.js";
import { nsenterCommand } from "../session/nsenter-command.js";
import type { RequestQueue } from "../session/request-queue.js";
import type { Snapshot } from "../session/snapshots.js";
import { encodePort, type PortSettings } from "./link-request.js";

/** A link that is a port of a bridge: what comes in by it is the bridge's, and none of it the host's own. */
export type BridgePort = Exclude<VirtualLink, BridgeLink> & { readonly master: string };

export function isBridgePort(link: Link): link is BridgePort {
  return link.type !== "bridge" && link.type !== "loopback" && link.master !== undefined;
}

/** Whether the bridge replies to ARP there, see {@link VethLink.proxied}. */
export function isProxied(link: BridgePort): boolean {
  return link.type === "veth" && link.proxied === true;
}

const TUNNEL_WORDS = " learning off flood off neigh_suppress on";

/** What ports have beside, by their types; `mac` is the address that the bridge keeps to the port. */
function settingsOf(link: BridgePort): PortSettings & { readonly mac?: string } {
  const plain = { hairpin: false, isolated: false, tunnel: false };
  if (link.type === "vxlan") return { ...plain, isolated: link.isolated ?? false, tunnel: true };
  if (link.type !== "veth") return plain;
  const { hairpin = false, isolated = false, peer } = link;
  return { ...plain, hairpin, isolated, ...(peer.mac === undefined ? {} : { mac: peer.mac }) };
}

/**
 * What the host itself would do on a link that has no address: speak IPv6 and accept router advertisements; and take IPv4
 * for any of its addresses, where frames come to it past the bridge, or by a port that another program took out of the
 * bridge (ip-sysctl).
 */
function silence(link: BridgePort): readonly Sysctl[] {
  const { name, netns } = link;
  const set = (key: string, value: string): Sysctl => ({
    kind: "sysctl",
    ...(netns === undefined ? {} : { netns }),
    key: `net/${key}`,
    value,
  });
  return [
    set(`ipv6/conf/${name}/accept_ra`, "0"),
    set(`ipv6/conf/${name}/disable_ipv6`, "1"),
    set(`ipv4/conf/${name}/rp_filter`, "1"),
    // For none of its addresses.
    ...(isProxied(link) ? [set(`ipv4/conf/${name}/arp_ignore`, "8")] : []),
  ];
}

function filterOf(link: BridgePort): PacketProgram {
  const isRouterless = link.type === "veth" && link.routerless === true;
  return dropping(linkLocalGroups, loopback, mappedSources, ...(isRouterless ? [routers] : []));
}

/** Makes ports of links that exist and have no carrier yet, at once: all of it holds before the first frame. */
export function makeBridgePorts(queue: RequestQueue, links: readonly BridgePort[]): void {
  for (const link of links) makeBridgePort(queue, link);
  for (const netns of new Set(links.map((link) => link.netns))) queue.flush(netns);
  for (const sysctl of links.flatMap(silence)) queue.do(sysctl.netns, () => setSysctl(sysctl));
}

function makeBridgePort(queue: RequestQueue, link: BridgePort): void {
  const { name, netns } = link;
  const { mac, ...port } = settingsOf(link);
  const index = queue.indexOf(netns, name);
  const add = (operation: string, request: Pick<Parameters<RequestQueue["add"]>[0], "encode" | "refused">): void =>
    queue.add({ operation, object: name, netns, ...request });
  if (port.hairpin || port.isolated || port.tunnel)
    add("set up bridge port", { encode: (batch) => encodePort(batch, index, port) });
  if (mac !== undefined) add("pin address to port", { encode: (batch) => encodeStickyEntry(batch, index, mac) });
  // Where the kernel has no such filters, what follows is what there is.
  add("add queueing discipline to", { encode: (batch) => encodeIngressQdisc(batch, index), refused: isRefusedQdisc });
  add("add filter to", {
    encode: (batch) => encodeIngressFilter(batch, index, filterOf(link)),
    refused: isRefusedFilter,
  });
}

/** What lets the host itself hear or say something there, or another take the address away, in words after "the link". */
export function bridgePortTraits(snapshot: Snapshot, link: BridgePort, found: LinkState): readonly string[] {
  const { name } = link;
  const { mac } = settingsOf(link);
  const replies = snapshot.replies(`filter and address of ${name}`, (batch) => {
    encodeGetIngressFilter(batch, found.index);
    if (mac !== undefined) encodeGetEntry(batch, found.index, mac);
  });
  const isFiltered = replies.some((answer) => isIngressFilter(answer, filterOf(link)));
  const isPinned = mac === undefined || replies.some((answer) => isStickyEntry(answer, found.index));
  return [
    ...settingTraits(settingsOf(link), found),
    ...(found.arp === isProxied(link) ? [] : [`has ARP ${found.arp ? "on" : "off"}`]),
    ...silence(link).flatMap((sysctl) => {
      const drift = inspectSysctl(sysctl);
      return drift === undefined ? [] : [`has ${sysctl.key.split("/").at(-1)}=${drift.found ?? "none"}`];
    }),
    ...(isFiltered || !canFilterIngress() ? [] : ["lacks the filter that keeps frames from the host"]),
    ...(isPinned ? [] : [`does not keep ${mac}`]),
  ];
}

function settingTraits({ hairpin, isolated, tunnel }: PortSettings, found: LinkState): readonly string[] {
  return [
    ...(hairpin && !found.hairpin ? ["has hairpin mode off"] : []),
    ...(isolated && !found.isolated ? ["is not isolated"] : []),
    ...(!isolated && found.isolated ? ["is isolated"] : []),
    ...(tunnel && found.learning ? ["has learning on"] : []),
    ...(tunnel && found.floods ? ["has flooding on"] : []),
    ...(tunnel && found.suppresses === false ? ["has neigh_suppress off"] : []),
  ];
}

export function describeBridgePort(link: BridgePort): readonly string[] {
  const { name, netns } = link;
  const { mac, hairpin, isolated, tunnel } = settingsOf(link);
  const settings = `${hairpin ? " hairpin on" : ""}${isolated ? " isolated on" : ""}${tunnel ? TUNNEL_WORDS : ""}`;
  const commands = [
    ...(settings === "" ? [] : [`ip link set ${name} type bridge_slave${settings}`]),
    ...(mac === undefined ? [] : [`bridge fdb replace ${mac} dev ${name} master static sticky`]),
    ...describeIngressFilter(name, filterOf(link)),
  ];
  return [
    ...commands.map((command) => nsenterCommand(netns, command)),
    ...silence(link).flatMap((sysctl) => describeSysctl("ensure", sysctl)),
  ];
}
