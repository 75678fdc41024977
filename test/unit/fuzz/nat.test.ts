import { describe, expect } from "@jest/globals";
import fc from "fast-check";
import { Attributes } from "../../../src/kernel/netlink/attributes.js";
import { decodeMessages } from "../../../src/kernel/netlink/message.js";
import { MessageBatch } from "../../../src/kernel/netlink/message-batch.js";
import { canonicalCidr } from "../../../src/nat/canonical-address.js";
import { canonicalDestination, canonicalText } from "../../../src/nat/iptables/canonical-address.js";
import { rulesOf } from "../../../src/nat/iptables/intent-rules.js";
import { additionText, purgeText, removalText } from "../../../src/nat/iptables/restore-text.js";
import { jumpTarget, parseRule } from "../../../src/nat/iptables/rule-line.js";
import { parseSavedTables, SavedTable } from "../../../src/nat/iptables/saved-tables.js";
import { faultsOf } from "../../../src/nat/iptables/table-faults.js";
import type { Element } from "../../../src/nat/nftables/element.js";
import { decodeElements, NFT_MSG_NEWSETELEM, writeElements } from "../../../src/nat/nftables/element-messages.js";
import { elementSets } from "../../../src/nat/nftables/element-sets.js";
import { elementsOf } from "../../../src/nat/nftables/intent-elements.js";
import { decodeGeneration } from "../../../src/nat/nftables/nfnetlink.js";
import { creation } from "../../../src/nat/nftables/nft-json.js";
import { parseListing } from "../../../src/nat/nftables/nft-listing.js";
import { StoredElements } from "../../../src/nat/nftables/stored-elements.js";
import { decodeFlow, fits, type TrackedFlow, writeExactDeletion } from "../../../src/nat/tracked-flow.js";
import { anyText, damaged, fuzz, garbled } from "../../support/fuzz.js";
import { anyIntent } from "../nat/intents.js";

const intents = fc.array(anyIntent, { maxLength: 3 });
const elements = intents.map(elementsOf);

function encode(wanted: readonly Element[]): Buffer {
  const batch = new MessageBatch();
  writeElements(batch, { type: NFT_MSG_NEWSETELEM, flags: 0, content: "all" }, wanted);
  return Buffer.from(batch.encode());
}

const distinct = (list: readonly unknown[]) => new Set(list.map((one) => JSON.stringify(one)));
const shown = ({ set, key, owner, data }: Element) => ({ set, key, owner, ...(data && { data }) });

describe("nftables elements", () => {
  fuzz("nftables: damaged element messages", damaged(elements.map(encode)), (value) => {
    const messages = decodeMessages(value);
    const read = messages.flatMap(decodeElements);
    for (const { set, key } of read) expect(key).toHaveLength(elementSets[set].key.length);
    decodeGeneration(messages);
    new StoredElements(read).touchedBy(read);
  });

  fuzz(
    "nftables: elements survive the way to the kernel's bytes and back",
    elements,
    (wanted) => {
      const read = decodeMessages(encode(wanted)).flatMap(decodeElements);
      expect(distinct(read.map(shown))).toEqual(distinct(wanted.map(shown)));
    },
    { share: 0.5 },
  );
});

const listed = elements.map((wanted) => {
  const sets = creation(wanted).nftables.flatMap(({ create }) =>
    create === undefined ? [] : [{ map: (create as { readonly element: unknown }).element }],
  );
  return JSON.stringify({ nftables: [{ metainfo: {} }, ...sets] });
});

/** Any JSON in the places where nft's values are. */
const strangeListing = fc
  .record({
    set: fc.constantFrom(...Object.keys(elementSets)),
    elem: fc.array(fc.oneof(fc.jsonValue(), fc.tuple(strangeKey(), strangeKey()), strangeKey()), { maxLength: 4 }),
  })
  .map(({ set, elem }) =>
    JSON.stringify({
      nftables: [{ set: { table: "tsd", name: set, elem } }, { map: { table: "tsd", name: set, elem } }],
    }),
  );

function strangeKey(): fc.Arbitrary<unknown> {
  const part = fc.oneof(
    fc.constantFrom("10.0.0.1", "fd00::1", "10.0.0.0-10.0.0.9", "::ffff:1.2.3.4", "br0", "tcp", 6, 80, -1, 1e9),
    fc.record({ range: fc.array(fc.integer(), { maxLength: 3 }) }),
    fc.record({ prefix: fc.record({ addr: fc.ipV4(), len: fc.nat() }) }),
    fc.string({ maxLength: 5 }),
  );
  const key = fc.oneof(part, fc.record({ concat: fc.array(part, { maxLength: 4 }) }));
  return fc.oneof(key, fc.record({ elem: fc.record({ val: key, comment: fc.oneof(fc.string(), fc.nat()) }) }));
}

/** JSON or SyntaxError, which the caller turns into words. */
function readListing(text: string): readonly Element[] {
  try {
    return parseListing(text).elements;
  } catch (error) {
    expect((error as Error).name).toBe("SyntaxError");
    return [];
  }
}

describe("nft's listings", () => {
  fuzz("nft listing: garbled JSON", garbled(listed, '{}[]",:0.1x'), (text) => {
    readListing(text);
  });
  fuzz("nft listing: any JSON where values are", strangeListing, (text) => {
    for (const { set, key } of readListing(text)) expect(key).toHaveLength(elementSets[set].key.length);
  });
  fuzz("nft listing: elements survive printing and parsing", elements, (wanted) => {
    const sets = creation(wanted).nftables.flatMap(({ create }) =>
      create === undefined ? [] : [{ set: (create as { readonly element: unknown }).element }],
    );
    expect(distinct(readListing(JSON.stringify({ nftables: sets })).map(shown))).toEqual(distinct(wanted.map(shown)));
  });
});

const flowTree = fc.record({
  family: fc.constantFrom<4 | 6>(4, 6),
  protocol: fc.integer({ min: 0, max: 255 }),
  port: fc.integer({ min: 0, max: 0xffff }),
  status: fc.nat(),
});
type FlowFacts = typeof flowTree extends fc.Arbitrary<infer T> ? T : never;

function flowMessage({ family, protocol, port, status }: FlowFacts): Buffer {
  const address = Buffer.alloc(family === 4 ? 4 : 16, 9);
  const [source, target] = family === 4 ? [1, 2] : [3, 4];
  const nested = { flagged: true };
  const batch = new MessageBatch().begin(0x100, 0, Uint8Array.of(family === 4 ? 2 : 10, 0, 0, 0));
  for (const tuple of [1, 2]) {
    const ip = () => batch.bytes(source, address).bytes(target, address);
    const transport = () => batch.u8(1, protocol).bytes(3, Uint8Array.of(port >> 8, port & 255));
    batch.nested(tuple, () => batch.nested(1, ip, nested).nested(2, transport, nested), nested);
  }
  return Buffer.from(batch.u32be(3, status).encode());
}

function deletionOf(flow: TrackedFlow): Attributes {
  const batch = new MessageBatch();
  writeExactDeletion(batch, flow);
  const [message] = decodeMessages(Buffer.from(batch.encode()));
  return Attributes.decode(message?.payload ?? Buffer.alloc(0), 4);
}

describe("tracked flows", () => {
  fuzz("conntrack: damaged flows, and deletions of what was read", damaged(flowTree.map(flowMessage)), (value) => {
    for (const flow of decodeMessages(value).flatMap((message) => decodeFlow(message) ?? [])) {
      const filter = { family: flow.family, protocol: flow.protocol, status: { mask: 0, value: 0 } } as const;
      expect(fits(flow, filter)).toBe(true);
      fits(flow, { ...filter, destination: { address: "10.0.0.1", port: 80 }, responder: "fd00::1" });
      expect(deletionOf(flow).all()).toHaveLength(1);
    }
  });
  fuzz("conntrack: flows are read as they were written", flowTree, (facts) => {
    const [message] = decodeMessages(flowMessage(facts));
    expect(message && decodeFlow(message)).toMatchObject({
      family: facts.family,
      protocol: facts.protocol,
      status: facts.status,
      destination: { port: facts.port },
    });
  });
});

function bothFamilies(rules: ReturnType<typeof rulesOf>): string {
  return ([4, 6] as const)
    .map((family) =>
      additionText(
        family,
        rules.filter((rule) => rule.family === family),
        new Map(),
      ),
    )
    .join("");
}

const saved = intents.map((wanted) => `# Generated\n${bothFamilies(rulesOf(wanted))}# Completed\n`);

describe("iptables-save", () => {
  fuzz(
    "iptables-save: garbled dumps",
    garbled(saved, '*:-A "\\!\n-j/[],'),
    (text) => {
      for (const [name, table] of parseSavedTables(text)) {
        for (const rule of table.rules) expect(rule.chain.startsWith("TSD-")).toBe(true);
        for (const rule of table.rules) table.obstacle(rule);
        expect(typeof name).toBe("string");
      }
      purgeText(4, parseSavedTables(text), () => false);
    },
    { share: 0.5 },
  );
  fuzz("iptables-save: lines of any text", anyText('-A "\\!TSD./:jds\n'), (text) => {
    parseRule(`-A TSD-PORT ${text}`);
    parseRule(text);
    jumpTarget(text);
    for (const family of [4, 6] as const)
      faultsOf(family, "nat", parseSavedTables(`*nat\n${text}`).get("nat") ?? new SavedTable());
  });
  fuzz("iptables-save: addresses of any text", anyText("0123456789abcdef.:/[]%-"), (text) => {
    for (const canonical of [canonicalCidr, canonicalDestination, canonicalText]) {
      const once = canonical(text);
      expect(canonical(once)).toBe(once);
    }
  });
  fuzz(
    "iptables-save: rules survive printing and parsing, and can be taken away",
    intents,
    (wanted) => {
      for (const family of [4, 6] as const) {
        const rules = rulesOf(wanted).filter((rule) => rule.family === family);
        const tables = parseSavedTables(additionText(family, rules, new Map()));
        for (const rule of rules) expect(tables.get(rule.table)?.has(rule)).toBe(true);
        const lines = removalText(rules, tables)
          .split("\n")
          .filter((line) => line.startsWith("-D "));
        expect(new Set(lines.map((line) => line.slice(2)))).toEqual(new Set(rules.map(({ line }) => line.slice(2))));
      }
    },
    { share: 0.5 },
  );
});
