import type { VethLink } from "../../../api/link-resource.js";
import type { MessageBatch } from "../../netlink/message-batch.js";
import { linkHeader, parseMac } from "../messages/link.js";
import * as p from "../messages/protocol.js";
import type { KernelKind } from "./link-kind.js";

/** `VETH_INFO_PEER` of <linux/veth.h>: an ifinfomsg, then link attributes. */
const VETH_INFO_PEER = 1;

/**
 * The kernel uses one queue for each direction unless it is asked otherwise, but makes as many as the machine has processors,
 * each with its files in sysfs.
 */
export function encodeQueues(batch: MessageBatch): void {
  batch.u32(p.IFLA_NUM_TX_QUEUES, 1).u32(p.IFLA_NUM_RX_QUEUES, 1);
}

/** The same for iproute2. */
export const queueWords: readonly string[] = ["numtxqueues", "1", "numrxqueues", "1"];

/** A cable. Its other end is made in the same request, in its own namespace and under its own name. */
export const veth: KernelKind<VethLink> = {
  // Its other end is no parent.
  parent: () => undefined,
  parentInData: false,
  standsOn: () => undefined,
  traits: () => [],
  keepsMtu: true,
  changeable: false,
  encodeData(batch, { peer, mtu }, { peerNetns }) {
    const fill = (): void => {
      batch.string(p.IFLA_IFNAME, peer.name);
      if (peer.mac !== undefined) batch.bytes(p.IFLA_ADDRESS, parseMac(peer.mac));
      if (mtu !== undefined) batch.u32(p.IFLA_MTU, mtu);
      if (peerNetns !== undefined) batch.u32(p.IFLA_NET_NS_FD, peerNetns);
      encodeQueues(batch);
    };
    // Not up yet: the kernel refuses IFF_UP of an end whose other end does not exist (ENOTCONN).
    batch.nested(VETH_INFO_PEER, fill, { header: linkHeader({}) });
  },
  words: ({ peer, mtu }) => [
    ...["peer", "name", peer.name],
    ...(peer.mac === undefined ? [] : ["address", peer.mac]),
    ...(mtu === undefined ? [] : ["mtu", String(mtu)]),
    ...(peer.netns === undefined ? [] : ["netns", peer.netns]),
    ...queueWords,
  ],
};
