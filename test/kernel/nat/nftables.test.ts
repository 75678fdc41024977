import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { MessageBatch } from "../../../src/kernel/netlink/message-batch.js";
import { NetlinkSocket } from "../../../src/kernel/netlink/netlink-socket.js";
import { NETLINK_NETFILTER } from "../../../src/kernel/netlink/protocol.js";
import type { ElementTransport } from "../../../src/nat/nftables/element-transport.js";
import { ExecTransport } from "../../../src/nat/nftables/exec-transport.js";
import { elementsOf } from "../../../src/nat/nftables/intent-elements.js";
import { KernelTables } from "../../../src/nat/nftables/kernel-tables.js";
import { NetlinkTransport } from "../../../src/nat/nftables/netlink-transport.js";
import { decodeGeneration, requestGeneration } from "../../../src/nat/nftables/nfnetlink.js";
import { NftProgram } from "../../../src/nat/nftables/nft-program.js";
import { NftablesBackend } from "../../../src/nat/nftables/nftables-backend.js";
import { schemaChain, skeletonScript } from "../../../src/nat/nftables/skeleton.js";
import { StaleFlows } from "../../../src/nat/stale-flows.js";
import { backendChapters } from "../../../src/testing/backend/backend-chapters.js";
import type { BackendSubject } from "../../../src/testing/backend/backend-subject.js";
import { describeChapters } from "../../support/kit/describe-chapters.js";
import { allow, guard, isolate, masquerade, publish } from "../../unit/nat/intents.js";
import { describeAnyIntents } from "./any-intents.js";
import { describeGuard } from "./guard-contract.js";
import { nftablesDamages } from "./nftables-damages.js";
import { enterPrivateHost, leavePrivateHost, run } from "./private-host.js";
import { describeSkeleton } from "./skeleton-contract.js";
import { describeTraffic } from "./traffic-contract.js";

beforeAll(enterPrivateHost);
afterAll(leavePrivateHost);

const nft = new NftProgram();
const backendBy = (transport: ElementTransport, mark = "0123456789abcdef") =>
  new NftablesBackend({ transport, nft, tables: new KernelTables(), flows: new StaleFlows(), mark });
const makers = {
  netlink: (mark?: string) => backendBy(new NetlinkTransport(), mark),
  exec: (mark?: string) => backendBy(new ExecTransport(nft), mark),
};
const listing = () => run("nft", "list", "ruleset");

for (const [transport, make] of Object.entries(makers)) {
  const name = `nftables by ${transport}`;
  const subject: BackendSubject = {
    name,
    make,
    listing,
    guards: true,
    spans: true,
    plant: () =>
      run("nft", "add table inet foreign; add chain inet foreign tsd { type filter hook input priority 0; }"),
    uproot: () => run("nft", "delete table inet foreign"),
  };
  describeChapters(name, backendChapters(subject));
  describeAnyIntents(subject);
  describeTraffic(name, make, true);
  describeGuard(name, make);
}
describeTraffic("nftables by netlink", makers.netlink, false);
describeSkeleton({
  name: "nftables by netlink",
  make: makers.netlink,
  listing: () => sortedLines(listing()).join("\n").trim(),
  intents: [
    isolate,
    masquerade,
    publish(),
    publish({ hostPort: 9000, containerPort: 9000, count: 11 }),
    allow(),
    guard(),
  ],
  damages: nftablesDamages,
  met: [
    "no schema",
    "no set",
    "a set with another type",
    "a set with other flags",
    "a deleted table",
    "a schema too many",
  ],
});
describeSkeleton({
  name: "nftables by exec",
  make: makers.exec,
  listing: () => sortedLines(listing()).join("\n").trim(),
  intents: [isolate, masquerade, publish(), guard()],
  damages: () => ({
    "a flushed table": () => run("nft", "flush table inet tsd"),
    "a set with other flags": () =>
      run(
        "nft",
        "flush table inet tsd; delete set inet tsd open; add set inet tsd open { type ifname; flags timeout; }",
      ),
  }),
  met: ["a set with other flags"],
});

const intents = [
  isolate,
  masquerade,
  publish({ protocol: "sctp" }),
  publish({ hostAddress: "127.0.0.1", hostPort: 53, protocol: "udp" }),
  publish({ hostPort: 9000, containerPort: 9000, count: 11 }),
  publish({ hostAddress: "192.0.2.1", hostPort: 8192, containerPort: 8192, count: 8192 }),
  publish({ hostPort: 100, containerPort: 200, count: 300 }),
  publish({ containerAddress: "fd00::2", hostAddress: "2001:db8::1" }),
  publish({ containerAddress: "fd00::2", hostPort: 9000, containerPort: 9000, count: 11 }),
  guard(),
];

describe("the two transports", () => {
  test("leave the same table, and read what the other wrote", async () => {
    await makers.exec().ensure(intents);
    const byExec = run("nft", "-j", "list", "ruleset");
    expect(await makers.netlink().inspect(intents)).toEqual([]);
    await makers.netlink().purge();
    await makers.netlink().ensure(intents);
    expect(sorted(run("nft", "-j", "list", "ruleset"))).toEqual(sorted(byExec));
    expect(await makers.exec().inspect(intents)).toEqual([]);
    await makers.exec().remove(intents);
    expect(await makers.netlink().inspect(intents)).toHaveLength(intents.length);
    await makers.exec().purge();
  });

  test.each(Object.entries(makers))(
    "%s takes 60 000 ports in one transaction, and gives them back",
    async (_name, make) => {
      const many = [publish({ hostPort: 1, containerPort: 5, count: 60_000 })];
      const backend = make();
      await backend.ensure([isolate]);
      const before = generation();
      await backend.ensure(many);
      expect(generation()).toBe(before + 1);
      expect(await backend.inspect(many)).toEqual([]);
      await backend.remove(many);
      expect(await backend.inspect(many)).toHaveLength(1);
      await backend.purge();
    },
    300_000,
  );
});

describe("an older table", () => {
  test("is rebuilt in one transaction, with its elements", async () => {
    const backend = makers.netlink();
    await backend.ensure(intents);
    const current = run("nft", "list", "table", "inet", "tsd");
    run(
      "nft",
      `delete chain inet tsd ${schemaChain("inet")}; add chain inet tsd schema_1; flush chain inet tsd forward`,
    );
    run(
      "nft",
      "add map inet tsd retired { type ifname : verdict; }; add chain inet tsd retired; add rule inet tsd forward oifname vmap @retired",
    );
    await backend.ensure([publish({ hostPort: 8443 })]);
    await backend.remove([publish({ hostPort: 8443 })]);
    expect(await backend.inspect(intents)).toEqual([]);
    expect(sortedLines(run("nft", "list", "table", "inet", "tsd"))).toEqual(sortedLines(current));
    await backend.purge();
  });

  test("is brought up to date before a removal", async () => {
    const backend = makers.exec();
    await backend.ensure([isolate, publish()]);
    run("nft", `delete chain inet tsd ${schemaChain("inet")}`);
    await backend.remove([publish()]);
    expect(await backend.inspect([isolate, publish()])).toEqual([{ resource: publish(), problem: "missing" }]);
    await backend.purge();
  });
});

test("the number of rules and chains does not depend on what is published", async () => {
  const backend = makers.netlink();
  await backend.ensure([isolate]);
  const rules = () => run("nft", "-j", "-t", "list", "table", "inet", "tsd").match(/"(rule|chain)": \{/g)?.length;
  const few = rules();
  await backend.ensure([masquerade, publish({ hostPort: 1, containerPort: 2, count: 1000 })]);
  expect(rules()).toBe(few);
  expect(few).toBe(skeletonScript("inet").match(/^(add rule|create chain) /gm)?.length);
  await backend.purge();
});

test("a stale reading is not acted upon", async () => {
  const transport = new NetlinkTransport();
  const backend = backendBy(transport);
  await backend.ensure([publish()]);
  const find = transport.find.bind(transport);
  let changed = false;
  transport.find = async (elements) => {
    const found = await find(elements);
    // Between reading and deleting, the port changes hands.
    if (!changed)
      run(
        "nft",
        'delete element inet tsd publish4 { tcp . 8080 }; add element inet tsd publish4 { tcp . 8080 comment "other" : 10.0.0.9 . 1 }',
      );
    changed = true;
    return found;
  };
  await backend.remove([publish()]);
  transport.find = find;
  expect(await transport.find(elementsOf([publish()]))).toEqual([
    { set: "publish4", key: ["tcp", 8080], data: ["10.0.0.9", 1], owner: "other" },
  ]);
  await backend.purge();
});

/** nft lists hash sets in the order of their seeded hash, which differs from table to table. */
function sorted(json: string): readonly string[] {
  const { nftables } = JSON.parse(json) as { readonly nftables: readonly Record<string, Record<string, unknown>>[] };
  return nftables.map((object) => {
    const [kind, { handle, elem, ...rest } = {}] = Object.entries(object)[0] ?? [];
    const elements = Array.isArray(elem) ? elem.map((element) => JSON.stringify(element)).sort() : [];
    return JSON.stringify({ kind, rest, elements });
  });
}

function sortedLines(text: string): readonly string[] {
  return text.split(/,?\n\s*/).sort();
}

/** Counts the transactions of this namespace since boot. */
function generation(): number {
  using socket = new NetlinkSocket(NETLINK_NETFILTER);
  const batch = new MessageBatch();
  requestGeneration(batch);
  return decodeGeneration(socket.exchange(batch).replies) ?? Number.NaN;
}
