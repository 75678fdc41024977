import type { KernelKind, VirtualLink } from "../link-kinds/link-kind.js";
import { nsenterCommand } from "../session/nsenter-command.js";
import { describeBridgePort, isBridgePort } from "./bridge-port.js";
import { passingName } from "./passing-name.js";

/** iproute2 words, in the two steps of `ensureReplaceableLink`. */
export function describeReplaceableLink(
  link: VirtualLink,
  kind: KernelKind,
  mark: string | undefined,
): readonly string[] {
  const parent = kind.parent(link);
  const passing = passingName(link, mark);
  const port = isBridgePort(link) ? link : undefined;
  const made = [
    ...["ip", "link", "add"],
    ...(parent === undefined || kind.parentInData ? [] : ["link", parent]),
    ...["name", passing],
    ...(link.netns === undefined ? [] : ["netns", link.netns]),
    ...(link.mac === undefined ? [] : ["address", link.mac]),
    ...(link.mtu === undefined ? [] : ["mtu", String(link.mtu)]),
    ...["type", link.type, ...kind.words(link)],
  ];
  const named = [
    ...["ip", "link", "set", passing, "name", link.name],
    ...(mark === undefined ? [] : ["alias", `"${mark}"`]),
    ...(port === undefined ? [link.handedOver ? "down" : "up"] : ["arp", "off", "master", port.master]),
  ];
  return [
    made.join(" "),
    nsenterCommand(link.netns, named.join(" ")),
    ...(port === undefined ? [] : [...describeBridgePort(port), `ip link set ${link.name} up`]),
  ];
}
