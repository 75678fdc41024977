import { constants } from "node:os";
import { kernelError } from "../../kernel/errno.js";
import { MessageBatch } from "../../kernel/netlink/message-batch.js";
import { NetlinkSocket } from "../../kernel/netlink/netlink-socket.js";
import { NETLINK_NETFILTER } from "../../kernel/netlink/protocol.js";
import { inBlankNetns } from "../../kernel/netns/blank-netns.js";
import { runHere } from "../../kernel/netns/run-here.js";
import type { TableFamily } from "./element-sets.js";
import { beginTransaction, decodeGeneration, endTransaction, requestGeneration } from "./nfnetlink.js";
import { unsettledTable } from "./nftables-errors.js";
import { hasTable, readOwners, readTable } from "./read-table.js";
import { purgeScript, skeletonScript, TABLE } from "./skeleton.js";
import type { TableForm } from "./table-form.js";
import { NFT_MSG_DELTABLE, writeTableRequest } from "./table-messages.js";

/** <linux/errno.h>; Node has no name for it. */
const ERESTART = 85;
const MAX_ATTEMPTS = 32;

/** tsd's tables as a whole, by our own nfnetlink socket, whichever way elements travel. */
export class KernelTables {
  private socket: NetlinkSocket | undefined;
  private readonly forms = new Map<TableFamily, TableForm>();

  has(family: TableFamily): boolean {
    return hasTable(this.open(), family);
  }

  /** What the kernel holds; undefined where there is no table. */
  present(family: TableFamily): TableForm | undefined {
    return readTable(this.open(), family);
  }

  /**
   * What it must hold: nft makes the table in a namespace that is there for nothing else, so that this nft and this kernel say
   * themselves what their form of it is.
   */
  expected(family: TableFamily): TableForm {
    const form = this.forms.get(family) ?? makeElsewhere(family);
    this.forms.set(family, form);
    return form;
  }

  /**
   * Deletes the table, in a transaction that holds only if nothing has changed since all its elements were looked at; leaves
   * it where one has an owner that `isKept`. Returns whether the table is gone.
   */
  async drop(family: TableFamily, isKept: (owner: string) => boolean): Promise<boolean> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const generation = this.generation();
      const owners = readOwners(this.open(), family);
      if (owners === undefined) return true;
      if (owners.some(isKept)) return false;
      const batch = new MessageBatch();
      beginTransaction(batch, generation);
      writeTableRequest(batch, { type: NFT_MSG_DELTABLE, family, table: TABLE });
      endTransaction(batch);
      const { failures } = this.open().exchange(batch, { what: () => purgeScript(family) });
      const [failure] = failures;
      if (failure === undefined) return true;
      if (failure.errno !== ERESTART && failure.errno !== constants.errno.ENOENT) {
        throw kernelError({ operation: "delete nftables table", object: `${family} ${TABLE}`, ...failure });
      }
    }
    throw unsettledTable(MAX_ATTEMPTS);
  }

  private generation(): number | undefined {
    const batch = new MessageBatch();
    requestGeneration(batch);
    const told = { what: () => "look up generation of nftables", reads: true };
    return decodeGeneration(this.open().exchange(batch, told).replies);
  }

  /** In the namespace that the caller is in at the first use. */
  private open(): NetlinkSocket {
    if (this.socket === undefined || !this.socket.isOpen) this.socket = new NetlinkSocket(NETLINK_NETFILTER);
    return this.socket;
  }
}

function makeElsewhere(family: TableFamily): TableForm {
  using socket = inBlankNetns(() => {
    runHere("nft", ["-f", "-"], { input: skeletonScript(family), reads: true });
    return new NetlinkSocket(NETLINK_NETFILTER);
  });
  const form = readTable(socket, family);
  if (form === undefined) throw new Error(`nft made no table ${family} ${TABLE}`);
  return form;
}
