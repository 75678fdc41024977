import { Attributes } from "../../kernel/netlink/attributes.js";
import type { NetlinkMessage } from "../../kernel/netlink/message.js";
import { MessageBatch } from "../../kernel/netlink/message-batch.js";
import { NFGENMSG_LENGTH, nftMessageType } from "../../kernel/netlink/protocol.js";
import type { TableFamily } from "./element-sets.js";
import { nfgenmsg } from "./nfnetlink.js";
import type { RuleForm } from "./table-form.js";

/** `enum nf_tables_msg_types` of <linux/netfilter/nf_tables.h>; each GET is answered by the number before it. */
export const NFT_MSG_GETTABLE = 1;
export const NFT_MSG_DELTABLE = 2;
export const NFT_MSG_GETCHAIN = 4;
export const NFT_MSG_GETRULE = 7;
export const NFT_MSG_GETSET = 10;
export const NFT_MSG_GETOBJ = 19;
export const NFT_MSG_GETFLOWTABLE = 23;

/** Of tables, chains, rules, sets, objects and flowtables alike, the name of the table comes first. */
const NFTA_TABLE_NAME = 1;
const NFTA_TABLE_FLAGS = 2;
const NFT_TABLE_F_DORMANT = 1;
const NFTA_CHAIN_NAME = 3;
const NFTA_CHAIN_HOOK = 4;
const NFTA_CHAIN_POLICY = 5;
const NFTA_CHAIN_TYPE = 7;
const NFTA_CHAIN_FLAGS = 10;
const NFTA_RULE_CHAIN = 2;
const NFTA_RULE_HANDLE = 3;
const NFTA_RULE_EXPRESSIONS = 4;
const NFTA_RULE_COMPAT = 5;
const NFTA_EXPR_NAME = 1;
const NFTA_EXPR_DATA = 2;
const NFTA_LOOKUP_SET = 1;
const NFTA_SET_NAME = 2;
const NFTA_SET_FLAGS = 3;
const NFT_SET_ANONYMOUS = 1;
/** KEY_TYPE, KEY_LEN, DATA_TYPE, DATA_LEN, POLICY, DESC, TIMEOUT, GC_INTERVAL, OBJ_TYPE, EXPR, EXPRESSIONS. */
const SET_DECLARATION = [NFTA_SET_FLAGS, 4, 5, 6, 7, 8, 9, 11, 12, 15, 17, 18];
const NFTA_OBJ_NAME = 2;
const NFTA_OBJ_TYPE = 3;

/** NFT_OBJECT_…, by nft's words. */
const objectKinds: Readonly<Record<number, string>> = {
  1: "counter",
  2: "quota",
  3: "ct helper",
  4: "limit",
  6: "tunnel",
  7: "ct timeout",
  8: "secmark",
  9: "ct expectation",
  10: "synproxy",
};

/** A request about one table, or for all objects of a kind that are in it. */
export function tableRequest(type: number, family: TableFamily, table: string): MessageBatch {
  const batch = new MessageBatch();
  writeTableRequest(batch, { type, family, table });
  return batch;
}

export function writeTableRequest(
  batch: MessageBatch,
  { type, family, table }: { readonly type: number; readonly family: TableFamily; readonly table: string },
): void {
  batch.begin(nftMessageType(type), 0, nfgenmsg(family)).string(NFTA_TABLE_NAME, table);
}

/** The attributes of those `messages` that are of `table`: some kernels answer with all tables. */
export function ofTable(messages: readonly NetlinkMessage[], table: string): readonly Attributes[] {
  const all = messages.map(({ payload }) => Attributes.decode(payload, NFGENMSG_LENGTH));
  return all.filter((attributes) => attributes.string(NFTA_TABLE_NAME) === table);
}

export function isDormant(table: Attributes): boolean {
  return ((table.u32be(NFTA_TABLE_FLAGS) ?? 0) & NFT_TABLE_F_DORMANT) !== 0;
}

export function decodeChain(chain: Attributes): { readonly name: string; readonly declaration: string } {
  const declaration = textOf(chain, [NFTA_CHAIN_HOOK, NFTA_CHAIN_POLICY, NFTA_CHAIN_TYPE, NFTA_CHAIN_FLAGS]);
  return { name: chain.string(NFTA_CHAIN_NAME) ?? "", declaration };
}

export function decodeSet(set: Attributes): {
  readonly name: string;
  readonly declaration: string;
  readonly isAnonymous: boolean;
} {
  const isAnonymous = ((set.u32be(NFTA_SET_FLAGS) ?? 0) & NFT_SET_ANONYMOUS) !== 0;
  return { name: set.string(NFTA_SET_NAME) ?? "", declaration: textOf(set, SET_DECLARATION), isAnonymous };
}

/** `anonymous` has what is in the sets without a name, whose numbers differ from one table to the next. */
export function decodeRule(
  rule: Attributes,
  anonymous: ReadonlyMap<string, string>,
): RuleForm & { readonly chain: string } {
  const expressions = rule.nested(NFTA_RULE_EXPRESSIONS).all();
  const forms = expressions.map(([, value]) => expressionForm(Attributes.decode(value), anonymous));
  const handle = rule.bytes(NFTA_RULE_HANDLE)?.readBigUInt64BE() ?? 0n;
  return {
    chain: rule.string(NFTA_RULE_CHAIN) ?? "",
    form: [...forms, textOf(rule, [NFTA_RULE_COMPAT])].join("\n"),
    handle,
  };
}

/** `counter hits`; undefined for a kind that nft has no word for. */
export function decodeObject(object: Attributes): string | undefined {
  const kind = objectKinds[object.u32be(NFTA_OBJ_TYPE) ?? 0];
  return kind && `${kind} ${object.string(NFTA_OBJ_NAME)}`;
}

export function decodeFlowtable(flowtable: Attributes): string {
  return `flowtable ${flowtable.string(NFTA_OBJ_NAME)}`;
}

function expressionForm(expression: Attributes, anonymous: ReadonlyMap<string, string>): string {
  const name = expression.string(NFTA_EXPR_NAME);
  const data = expression.nested(NFTA_EXPR_DATA);
  const content = name === "lookup" ? anonymous.get(data.string(NFTA_LOOKUP_SET) ?? "") : undefined;
  const types = data.all().map(([type]) => type);
  const compared = content === undefined ? types : types.filter((type) => type !== NFTA_LOOKUP_SET);
  return `${name} ${textOf(data, compared)} ${content ?? ""}`;
}

function textOf(attributes: Attributes, types: readonly number[]): string {
  return types.map((type) => `${type}=${attributes.bytes(type)?.toString("hex") ?? ""}`).join(" ");
}
