import { constants } from "node:os";
import { TsdError } from "../../errors/tsd-error.js";
import { kernelError } from "../../kernel/errno.js";
import { MessageBatch } from "../../kernel/netlink/message-batch.js";
import { type Exchange, type NetlinkFailure, NetlinkSocket } from "../../kernel/netlink/netlink-socket.js";
import { NETLINK_NETFILTER, NLM_F_CREATE, NLM_F_EXCL } from "../../kernel/netlink/protocol.js";
import { type Element, familiesOf, groupBySet } from "./element.js";
import {
  decodeElements,
  NFT_MSG_DELSETELEM,
  NFT_MSG_GETSETELEM,
  NFT_MSG_NEWSETELEM,
  writeElements,
  writeSetDump,
} from "./element-messages.js";
import { elementSet, elementSets, type SetName, type TableFamily, tableFamily } from "./element-sets.js";
import type { ElementTransport, Outcome } from "./element-transport.js";
import { beginTransaction, decodeGeneration, endTransaction, flushChain, requestGeneration } from "./nfnetlink.js";
import { creation, deletion } from "./nft-json.js";
import { unsettledTable } from "./nftables-errors.js";
import { schemaChain, TABLE } from "./skeleton.js";
import { StoredElements } from "./stored-elements.js";

const { EEXIST, ENOENT } = constants.errno;
/** <linux/errno.h>; Node has no name for it. */
const ERESTART = 85;
const MAX_ATTEMPTS = 32;
/** Above this many keys of a set, reading all of it takes less than asking for each. */
const MAX_LOOKUPS = 64;

/** Elements by our own nfnetlink socket, which stays open: closing one that deleted waits for the kernel's clean-up. */
export class NetlinkTransport implements ElementTransport, Disposable {
  readonly name = "netlink";
  private socket: NetlinkSocket | undefined;

  async create(elements: readonly Element[]): Promise<Outcome> {
    const batch = transaction(familiesOf(elements), (messages) => {
      writeElements(messages, { type: NFT_MSG_NEWSETELEM, flags: NLM_F_CREATE | NLM_F_EXCL, content: "all" }, elements);
    });
    const { failures } = this.open().exchange(batch, { what: () => JSON.stringify(creation(elements)) });
    return outcomeOf(failures);
  }

  /** Reads who owns the elements, and deletes in a transaction that holds only if nothing has changed since. */
  async delete(elements: readonly Element[]): Promise<Exclude<Outcome, "taken">> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const generation = this.generation();
      const doomed = new StoredElements(await this.find(elements)).ownedLike(elements);
      if (doomed.length === 0) return "done";
      const write = (messages: MessageBatch): void => {
        writeElements(messages, { type: NFT_MSG_DELSETELEM, flags: 0, content: "key" }, doomed);
      };
      const batch = transaction(familiesOf(doomed), write, generation);
      const { failures } = this.open().exchange(batch, { what: () => JSON.stringify(deletion(doomed)) });
      if (failures.some(({ errno }) => errno === ERESTART)) continue;
      return outcomeOf(failures) === "done" ? "done" : "absent";
    }
    throw unsettledTable(MAX_ATTEMPTS);
  }

  async find(elements: readonly Element[]): Promise<readonly Element[]> {
    const found = [...groupBySet(elements)].flatMap(([set, group]) =>
      elementSet(set).interval || group.length > MAX_LOOKUPS ? this.dump(set) : this.lookUp(group),
    );
    return new StoredElements(found).touchedBy(elements);
  }

  async list(): Promise<readonly Element[]> {
    return (Object.keys(elementSets) as readonly SetName[]).flatMap((set) => this.dump(set));
  }

  [Symbol.dispose](): void {
    this.socket?.close();
    this.socket = undefined;
  }

  private generation(): number | undefined {
    const batch = new MessageBatch();
    requestGeneration(batch);
    return decodeGeneration(this.ask(batch, "generation of nftables").replies);
  }

  /** Every element of a set; none where the set is missing. */
  private dump(set: SetName): readonly Element[] {
    const batch = new MessageBatch();
    writeSetDump(batch, tableFamily(set), set);
    try {
      return this.open()
        .dump(batch, `nftables elements of ${tableFamily(set)} ${TABLE}/${set}`)
        .flatMap(decodeElements);
    } catch (error) {
      if (TsdError.is(error, "kernel") && error.details.errno === "ENOENT") return [];
      throw error;
    }
  }

  /** The elements under some keys, one request for each: the kernel stops at the first key of a request that is missing. */
  private lookUp(elements: readonly Element[]): readonly Element[] {
    const batch = new MessageBatch();
    // In front, since the socket takes a refusal of the first message for that of a whole transaction.
    requestGeneration(batch);
    for (const element of elements) {
      writeElements(batch, { type: NFT_MSG_GETSETELEM, flags: 0, content: "key" }, [element]);
    }
    const { replies, failures } = this.ask(batch, `${elements.length} elements`);
    const failure = failures.find(({ errno }) => errno !== ENOENT);
    if (failure !== undefined) throw kernelError({ operation: "read nftables tables", object: TABLE, ...failure });
    return replies.flatMap(decodeElements);
  }

  private ask(batch: MessageBatch, what: string): Exchange {
    return this.open().exchange(batch, { what: () => `look up ${what}`, reads: true });
  }

  /** In the namespace that the caller is in at the first use. */
  private open(): NetlinkSocket {
    if (this.socket === undefined || !this.socket.isOpen) this.socket = new NetlinkSocket(NETLINK_NETFILTER);
    return this.socket;
  }
}

/** What `write` adds, as one transaction, which the kernel refuses where the table is missing or of another schema. */
function transaction(
  families: readonly TableFamily[],
  write: (batch: MessageBatch) => void,
  generation?: number,
): MessageBatch {
  const batch = new MessageBatch();
  beginTransaction(batch, generation);
  for (const family of families) flushChain(batch, { family, table: TABLE, chain: schemaChain(family) });
  write(batch);
  endTransaction(batch);
  return batch;
}

/** A missing table explains whatever else failed. */
function outcomeOf(failures: readonly NetlinkFailure[]): Outcome {
  const [failure] = failures;
  if (failure === undefined) return "done";
  if (failures.some(({ errno }) => errno === ENOENT)) return "absent";
  if (failure.errno === EEXIST) return "taken";
  throw kernelError({ operation: "change nftables tables", object: TABLE, ...failure });
}
