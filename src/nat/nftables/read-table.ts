import { TsdError } from "../../errors/tsd-error.js";
import type { Attributes } from "../../kernel/netlink/attributes.js";
import type { NetlinkMessage } from "../../kernel/netlink/message.js";
import { MessageBatch } from "../../kernel/netlink/message-batch.js";
import type { NetlinkSocket } from "../../kernel/netlink/netlink-socket.js";
import { decodeEntries, type Entry, rawEntries, writeSetDump } from "./element-messages.js";
import type { TableFamily } from "./element-sets.js";
import { TABLE } from "./skeleton.js";
import type { RuleForm, SetForm, TableForm } from "./table-form.js";
import {
  decodeChain,
  decodeFlowtable,
  decodeObject,
  decodeRule,
  decodeSet,
  isDormant,
  NFT_MSG_GETCHAIN,
  NFT_MSG_GETFLOWTABLE,
  NFT_MSG_GETOBJ,
  NFT_MSG_GETRULE,
  NFT_MSG_GETSET,
  NFT_MSG_GETTABLE,
  ofTable,
  tableRequest,
} from "./table-messages.js";

type Reader = Pick<NetlinkSocket, "dump">;

/**
 * tsd's table of a family, undefined where there is none. Several requests: others may change the table between two of them,
 * so that what looks wrong must be looked at twice.
 */
export function readTable(socket: Reader, family: TableFamily): TableForm | undefined {
  const list = (type: number): readonly Attributes[] => listOf(socket, family, type);
  const [table] = list(NFT_MSG_GETTABLE);
  if (table === undefined) return undefined;
  const sets = list(NFT_MSG_GETSET).map(decodeSet);
  const anonymous = sets
    .filter(({ isAnonymous }) => isAnonymous)
    .map(({ name, declaration }): readonly [string, string] => [
      name,
      `${declaration} ${contentOf(socket, family, name)}`,
    ]);
  const rules = readRules(list(NFT_MSG_GETRULE), new Map(anonymous));
  const chains = list(NFT_MSG_GETCHAIN).map(decodeChain);
  return {
    isDormant: isDormant(table),
    chains: new Map(chains.map(({ name, declaration }) => [name, { declaration, rules: rules.get(name) ?? [] }])),
    sets: new Map(
      sets
        .filter(({ isAnonymous }) => !isAnonymous)
        .map(({ name, declaration }): readonly [string, SetForm] => [
          name,
          { declaration, entries: readEntries(socket, family, name) },
        ]),
    ),
    others: [
      ...list(NFT_MSG_GETOBJ).flatMap((object) => decodeObject(object) ?? []),
      ...list(NFT_MSG_GETFLOWTABLE).map(decodeFlowtable),
    ],
  };
}

export function hasTable(socket: Reader, family: TableFamily): boolean {
  return listOf(socket, family, NFT_MSG_GETTABLE).length > 0;
}

/** The comments of all elements in all sets of the table, known or not; undefined where there is no table. */
export function readOwners(socket: Reader, family: TableFamily): readonly string[] | undefined {
  if (!hasTable(socket, family)) return undefined;
  const sets = listOf(socket, family, NFT_MSG_GETSET).map(decodeSet);
  const named = sets.filter(({ isAnonymous }) => !isAnonymous);
  return named.flatMap(({ name }) => readEntries(socket, family, name).map(({ owner }) => owner));
}

function readRules(
  rules: readonly Attributes[],
  anonymous: ReadonlyMap<string, string>,
): ReadonlyMap<string, readonly RuleForm[]> {
  return Map.groupBy(
    rules.map((rule) => decodeRule(rule, anonymous)),
    ({ chain }) => chain,
  );
}

function readEntries(socket: Reader, family: TableFamily, set: string): readonly Entry[] {
  return dumpSet(socket, family, set).flatMap(decodeEntries);
}

/** In an order of its own: the kernel's is that of a seeded hash. */
function contentOf(socket: Reader, family: TableFamily, set: string): string {
  return dumpSet(socket, family, set).flatMap(rawEntries).sort().join(" ");
}

function dumpSet(socket: Reader, family: TableFamily, set: string): readonly NetlinkMessage[] {
  const request = new MessageBatch();
  writeSetDump(request, family, set);
  return dump(socket, request, `elements of ${family} ${TABLE}/${set}`);
}

function listOf(socket: Reader, family: TableFamily, type: number): readonly Attributes[] {
  return ofTable(dump(socket, tableRequest(type, family, TABLE), `what is in ${family} ${TABLE}`), TABLE);
}

/** Nothing where what was asked about is gone. */
function dump(socket: Reader, request: MessageBatch, what: string): readonly NetlinkMessage[] {
  try {
    return socket.dump(request, `nftables ${what}`);
  } catch (error) {
    if (TsdError.is(error, "kernel") && error.details.errno === "ENOENT") return [];
    throw error;
  }
}
