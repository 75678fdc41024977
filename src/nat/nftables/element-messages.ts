import { Attributes } from "../../kernel/netlink/attributes.js";
import type { NetlinkMessage } from "../../kernel/netlink/message.js";
import type { MessageBatch } from "../../kernel/netlink/message-batch.js";
import { NFGENMSG_LENGTH, nftMessageType } from "../../kernel/netlink/protocol.js";
import { decodeParts, encodeParts } from "./component-bytes.js";
import { type DataPart, type Element, groupBySet } from "./element.js";
import { elementSet, elementSets, type SetName, type TableFamily, tableFamily } from "./element-sets.js";
import { nfgenmsg } from "./nfnetlink.js";
import { TABLE } from "./skeleton.js";

/** `enum nf_tables_msg_types` of <linux/netfilter/nf_tables.h>. */
export const NFT_MSG_NEWSETELEM = 12;
export const NFT_MSG_GETSETELEM = 13;
export const NFT_MSG_DELSETELEM = 14;

/** `enum nft_set_elem_list_attributes`, `nft_list_attributes`, `nft_set_elem_attributes`, `nft_data_attributes`. */
const NFTA_SET_ELEM_LIST_TABLE = 1;
const NFTA_SET_ELEM_LIST_SET = 2;
const NFTA_SET_ELEM_LIST_ELEMENTS = 3;
const NFTA_LIST_ELEM = 1;
const NFTA_SET_ELEM_KEY = 1;
const NFTA_SET_ELEM_DATA = 2;
const NFTA_SET_ELEM_USERDATA = 6;
const NFTA_SET_ELEM_KEY_END = 10;
const NFTA_DATA_VALUE = 1;

/** User data is libnftnl's: type u8, length u8, value; this type is the comment, with its final NUL (libnftnl/udata.h). */
const NFTNL_UDATA_SET_ELEM_COMMENT = 0;

/** The list of elements is one attribute of at most 64 KiB, and an element takes up to 250 bytes. */
const MAX_ELEMENTS = 256;

/**
 * Writes one message per set and {@link MAX_ELEMENTS} elements. Keys alone go into requests to read or delete, unless
 * `content` asks for all of the element.
 */
export function writeElements(
  batch: MessageBatch,
  request: { readonly type: number; readonly flags: number; readonly content: "key" | "all" },
  elements: readonly Element[],
): void {
  for (const [set, group] of groupBySet(elements)) {
    for (let at = 0; at < group.length; at += MAX_ELEMENTS) {
      beginSetMessage(batch, request, set);
      const write = () => {
        for (const element of group.slice(at, at + MAX_ELEMENTS)) writeElement(batch, element, request.content);
      };
      batch.nested(NFTA_SET_ELEM_LIST_ELEMENTS, write, { flagged: true });
    }
  }
}

/** A request for every element of a set. */
export function writeSetDump(batch: MessageBatch, family: TableFamily, set: string): void {
  batch
    .begin(nftMessageType(NFT_MSG_GETSETELEM), 0, nfgenmsg(family))
    .string(NFTA_SET_ELEM_LIST_TABLE, TABLE)
    .string(NFTA_SET_ELEM_LIST_SET, set);
}

/** The elements of an NFT_MSG_NEWSETELEM of one of tsd's own sets; what is not understood is passed over. */
export function decodeElements(message: NetlinkMessage): readonly Element[] {
  return decodeEntries(message).flatMap(({ element }) => element ?? []);
}

/** An element of any set of tsd's own tables. */
export interface Entry {
  /** Absent where it is none that tsd writes: of an unknown set, or without a key. */
  readonly element?: Element;
  readonly owner: string;
}

/** As {@link decodeElements}, and what is not understood too. */
export function decodeEntries({ type, payload }: NetlinkMessage): readonly Entry[] {
  if (type !== nftMessageType(NFT_MSG_NEWSETELEM)) return [];
  const list = Attributes.decode(payload, NFGENMSG_LENGTH);
  const set = list.string(NFTA_SET_ELEM_LIST_SET) ?? "";
  if (list.string(NFTA_SET_ELEM_LIST_TABLE) !== TABLE) return [];
  const entries = list.nested(NFTA_SET_ELEM_LIST_ELEMENTS).all();
  return entries.map(([, value]) => decodeEntry(set, Attributes.decode(value)));
}

/** The elements of an NFT_MSG_NEWSETELEM as they are, for sets that are compared as a whole. */
export function rawEntries({ payload }: NetlinkMessage): readonly string[] {
  const list = Attributes.decode(payload, NFGENMSG_LENGTH).nested(NFTA_SET_ELEM_LIST_ELEMENTS);
  return list.all().map(([, value]) => value.toString("hex"));
}

function decodeEntry(set: string, attributes: Attributes): Entry {
  const owner = decodeComment(attributes.bytes(NFTA_SET_ELEM_USERDATA) ?? Buffer.alloc(0));
  const element = Object.hasOwn(elementSets, set) ? decodeElement(set as SetName, attributes, owner) : undefined;
  return element === undefined ? { owner } : { owner, element };
}

function beginSetMessage(
  batch: MessageBatch,
  request: { readonly type: number; readonly flags: number },
  set: SetName,
) {
  batch
    .begin(nftMessageType(request.type), request.flags, nfgenmsg(tableFamily(set)))
    .string(NFTA_SET_ELEM_LIST_TABLE, TABLE)
    .string(NFTA_SET_ELEM_LIST_SET, set);
}

function writeElement(batch: MessageBatch, element: Element, content: "key" | "all"): void {
  const types = elementSet(element.set);
  const write = () => {
    writeValue(batch, NFTA_SET_ELEM_KEY, encodeParts(types.key, element.key, "first"));
    if (types.interval) writeValue(batch, NFTA_SET_ELEM_KEY_END, encodeParts(types.key, element.key, "last"));
    if (content === "key") return;
    if (types.data !== undefined) writeValue(batch, NFTA_SET_ELEM_DATA, encodeParts(types.data, element.data ?? []));
    batch.bytes(NFTA_SET_ELEM_USERDATA, encodeComment(element.owner));
  };
  batch.nested(NFTA_LIST_ELEM, write, { flagged: true });
}

function writeValue(batch: MessageBatch, type: number, value: Buffer): void {
  batch.nested(type, () => batch.bytes(NFTA_DATA_VALUE, value), { flagged: true });
}

function decodeElement(set: SetName, element: Attributes, owner: string): Element | undefined {
  const types = elementSet(set);
  const first = element.nested(NFTA_SET_ELEM_KEY).bytes(NFTA_DATA_VALUE);
  if (first === undefined) return undefined;
  const key = decodeParts(types.key, first, element.nested(NFTA_SET_ELEM_KEY_END).bytes(NFTA_DATA_VALUE));
  if (key === undefined) return undefined;
  if (types.data === undefined) return { set, key, owner };
  const value = element.nested(NFTA_SET_ELEM_DATA).bytes(NFTA_DATA_VALUE);
  const data = value === undefined ? undefined : decodeParts(types.data, value);
  return data === undefined ? undefined : { set, key, data: data as readonly DataPart[], owner };
}

function encodeComment(comment: string): Buffer {
  const text = Buffer.from(`${comment}\0`);
  return Buffer.concat([Buffer.from([NFTNL_UDATA_SET_ELEM_COMMENT, text.length]), text]);
}

function decodeComment(userData: Buffer): string {
  for (let at = 0; at + 2 <= userData.length; at += 2 + userData.readUInt8(at + 1)) {
    const end = at + 2 + userData.readUInt8(at + 1);
    if (userData.readUInt8(at) === NFTNL_UDATA_SET_ELEM_COMMENT && end <= userData.length) {
      return userData.toString("utf8", at + 2, end).replace(/\0.*$/s, "");
    }
  }
  return "";
}
