import { constants } from "node:os";
import type { Sweeper } from "../../api/provider.js";
import { kernelError } from "../errno.js";
import { MessageBatch } from "../netlink/message-batch.js";
import { NetlinkSocket } from "../netlink/netlink-socket.js";
import { NETLINK_ROUTE } from "../netlink/protocol.js";
import { encodeDeleteLink } from "../rtnetlink/links/link-request.js";
import { type LinkState, listLinks } from "../rtnetlink/messages/link.js";
import { sweeperOf } from "./sweeper-of.js";

/** Links of the caller's namespace that bear `mark`, see {@link markOf}. Other ends of veths go with them. */
export function linkSweeper(mark: string): Sweeper {
  return sweeperOf<LinkState>({
    list() {
      using socket = new NetlinkSocket(NETLINK_ROUTE);
      return listLinks(socket).filter(({ alias, kind }) => alias === mark && kind !== undefined);
    },
    orphanOf: ({ name }) => ({ kind: "link", what: name, why: "no network and no endpoint lists it" }),
    claims(wanted) {
      const links = wanted.flatMap((one) => (one.kind === "link" && one.netns === undefined ? one : []));
      const names = new Set(links.map(({ name }) => name));
      const addresses = new Set(links.map(({ mac }) => mac));
      // A renamed link still belongs to its row.
      return ({ name, mac }) => names.has(name) || (mac !== undefined && addresses.has(mac));
    },
    free(links) {
      using socket = new NetlinkSocket(NETLINK_ROUTE);
      const batch = new MessageBatch();
      for (const { index } of links) encodeDeleteLink(batch, index);
      // A veth whose other end went with its namespace may be on its way already.
      const refusal = socket.exchange(batch).failures.find(({ errno }) => errno !== constants.errno.ENODEV);
      if (refusal === undefined) return;
      throw kernelError({ operation: "delete links", object: links.map(({ name }) => name).join(", "), ...refusal });
    },
  });
}
