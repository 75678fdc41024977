import type { Sweeper } from "../../api/provider.js";
import { NetlinkSocket } from "../netlink/netlink-socket.js";
import { NETLINK_ROUTE } from "../netlink/protocol.js";
import { listLinks } from "../rtnetlink/messages/link.js";
import { Devices, isGone } from "../wireguard/devices.js";
import { encodeNoPeer } from "../wireguard/messages.js";
import { sweeperOf } from "./sweeper-of.js";

interface Item {
  readonly link: string;
  /** Base64. */
  readonly publicKey: string;
}

/** Peers of links of type wireguard with that mark: another program gave them a key. */
export function wireguardPeerSweeper(mark: string): Sweeper {
  return sweeperOf<Item>({
    list() {
      using socket = new NetlinkSocket(NETLINK_ROUTE);
      const links = listLinks(socket).filter(({ kind, alias }) => kind === "wireguard" && alias === mark);
      if (links.length === 0) return [];
      using devices = new Devices(mark);
      return links.flatMap(({ name: link }) =>
        [...(devices.state(link)?.peers.keys() ?? [])].map((publicKey) => ({ link, publicKey })),
      );
    },
    orphanOf: (item) => ({ kind: "wireguard peer", what: wordsOf(item), why: "no host of the network has that key" }),
    claims(wanted) {
      const known = new Set(wanted.flatMap((one) => (one.kind === "wireguard peer" ? wordsOf(one) : [])));
      return (item) => known.has(wordsOf(item));
    },
    free(items) {
      using devices = new Devices(mark);
      devices.send(
        items.map((item) => ({
          operation: "remove peer",
          object: wordsOf(item),
          encode: (batch, family) => encodeNoPeer(batch, family, item),
          refused: (failure) => isGone(failure) || undefined,
        })),
      );
    },
  });
}

function wordsOf({ link, publicKey }: Item): string {
  return `${publicKey} of ${link}`;
}
