import { constants } from "node:os";
import type { LinkAttribute, LinkKind } from "../../../api/link-kind.js";
import type { VxlanLink } from "../../../api/link-resource.js";
import type { Attributes } from "../../netlink/attributes.js";
import { formatAddress, parseAddress } from "../messages/ip-prefix.js";
import type { LinkState } from "../messages/link.js";
import { kernelKind } from "./kernel-kind.js";
import { encodeAttributes } from "./link-attribute.js";
import type { KernelKind } from "./link-kind.js";

/** `IFLA_VXLAN_*` of <linux/if_link.h>. */
const IFLA_VXLAN_ID = 1;
const IFLA_VXLAN_LINK = 3;
const IFLA_VXLAN_LOCAL = 4;
const IFLA_VXLAN_LEARNING = 7;
const IFLA_VXLAN_PORT = 15;
const IFLA_VXLAN_LOCAL6 = 17;

const settings: LinkKind<VxlanLink> = {
  type: "vxlan",
  data: ({ vni, local, port }) => [
    { type: IFLA_VXLAN_ID, u32: vni },
    localAttribute(parseAddress(local)),
    { type: IFLA_VXLAN_LEARNING, u8: 0 },
    // In network order.
    { type: IFLA_VXLAN_PORT, bytes: Uint8Array.of(port >> 8, port & 0xff) },
  ],
  words: ({ vni, local, parent, port }) => [
    ...["id", String(vni), "local", local],
    ...(parent === undefined ? [] : ["dev", parent]),
    ...["dstport", String(port), "nolearning"],
  ],
};

function localAttribute(bytes: Buffer): LinkAttribute {
  return { type: bytes.length === 4 ? IFLA_VXLAN_LOCAL : IFLA_VXLAN_LOCAL6, bytes };
}

/**
 * A tunnel that does not learn who is where from what comes in: another host could claim an address that way, and an entry that is
 * missing would go unnoticed. The kernel changes neither VNI nor port of one that exists.
 */
export const vxlan: KernelKind<VxlanLink> = {
  ...kernelKind(settings),
  parent: ({ parent }) => parent,
  parentInData: true,
  standsOn: ({ data }) => data?.u32(IFLA_VXLAN_LINK),
  encodeData(batch, link, { parent }) {
    encodeAttributes(batch, settings.data(link));
    if (parent !== undefined) batch.u32(IFLA_VXLAN_LINK, parent);
  },
  traits: (link, { data }) => (data === undefined ? [] : differences(link, data)),
  rival(link, { errno }, links) {
    const { vni, port } = link;
    if (errno === constants.errno.EADDRINUSE) return `another program has UDP port ${port}`;
    if (errno !== constants.errno.EEXIST) return undefined;
    const other = links.find((one) => isAlike(one, link));
    return `${other === undefined ? "another tunnel" : other.name} has VNI ${vni} on UDP port ${port}`;
  },
};

function differences(link: VxlanLink, data: Attributes): readonly string[] {
  const vni = data.u32(IFLA_VXLAN_ID);
  const port = portOf(data);
  const local = data.bytes(IFLA_VXLAN_LOCAL) ?? data.bytes(IFLA_VXLAN_LOCAL6);
  return [
    ...(vni === link.vni ? [] : [`has VNI ${vni}`]),
    ...(local?.equals(parseAddress(link.local)) ? [] : [`sends from ${local ? formatAddress(local) : "any address"}`]),
    ...(port === link.port ? [] : [`has UDP port ${port}`]),
    ...(data.u8(IFLA_VXLAN_LEARNING) === 0 ? [] : ["learns addresses"]),
  ];
}

function isAlike({ kind, data }: LinkState, { vni, port }: VxlanLink): boolean {
  return kind === "vxlan" && data?.u32(IFLA_VXLAN_ID) === vni && portOf(data) === port;
}

function portOf(data: Attributes): number | undefined {
  return data.bytes(IFLA_VXLAN_PORT)?.readUInt16BE();
}
