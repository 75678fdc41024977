import { afterEach, describe, expect, test } from "@jest/globals";
import type { ForwardedPacket, Peer, ProbeFact } from "../../../../src/api/index.js";
import { OverlayDriver } from "../../../../src/drivers/overlay/overlay-driver.js";
import { Explain } from "../../../../src/engine/explain/explain.js";
import { TsdError } from "../../../../src/errors/tsd-error.js";
import { NoneBackend } from "../../../../src/nat/none/none-backend.js";
import { plain } from "../../../../src/presenters/look.js";
import { matrixText } from "../../../../src/presenters/reach-matrix.js";
import { noneElsewhere } from "../../../support/cluster-state/none-elsewhere.js";
import { driversOf } from "../../../support/engine/drivers-of.js";
import { TemporaryStore } from "../../store/support/temporary-store.js";
import { filterOf } from "./matrix-landscape.js";
import { peers, spanFacts, type World } from "./span-facts.js";

let temporary: TemporaryStore | undefined;
afterEach(() => temporary?.[Symbol.dispose]());

interface Kernel extends World {
  /** Bytes that the link between hosts carries. */
  readonly linkMtu?: number;
  /** Whether frames of that source are dropped. */
  readonly drops?: (frame: ForwardedPacket) => boolean;
  /** Hosts that keep their leases; absent where the cluster cannot be asked. */
  readonly alive?: readonly string[];
  readonly fact?: ProbeFact;
}

/** Explains on host `a`, whose cluster is asked as often as `asked` says. */
function explainOf({ linkMtu = 1500, drops = () => false, fact, ...world }: Kernel = {}) {
  const { alive } = "alive" in world ? world : { alive: ["a", "b"] };
  temporary = new TemporaryStore();
  const store = temporary.open();
  const { networks, endpoints, containers, peers: rows, machine } = spanFacts(world);
  store.transaction(() => {
    for (const row of networks) store.networks.insert(row);
    for (const row of containers) store.containers.insert(row);
    for (const row of endpoints) store.endpoints.insert(row);
    for (const row of rows) store.peers.insert(row);
  });
  const asked: string[] = [];
  const read = async () => {
    asked.push("read");
    if (alive === undefined) throw new TsdError({ kind: "runtime", code: "TSD_X", message: "etcd is away" });
    return { hosts: new Map(["a", "b"].map((name) => [name, { isAlive: alive.includes(name) }])), networks: new Map() };
  };
  const chain = { tool: "nft", family: "inet", table: "filter", name: "input" } as const;
  const host = {
    ...{ ...machine, ...filterOf(async () => []), linkMtu: () => linkMtu, listeners: () => ["0.0.0.0"] },
    inputDrops: async (frames: readonly ForwardedPacket[]) => {
      const lost = frames.filter(drops);
      return lost.length === 0 ? [] : [{ chain, words: "table inet filter, chain input", packets: lost }];
    },
    resolverFiles: () => [{ path: "/etc/resolv.conf", text: "", nameservers: [], search: [], options: [] }],
    probe: async () => fact,
  };
  const explain = new Explain(
    {
      ...{ store, drivers: driversOf(new OverlayDriver()), host: async () => host as never },
      applier: { inspect: async () => [] } as never,
      membership: () => ({ host: "a" }) as never,
      cluster: async () => ({ read }) as never,
      elsewhere: noneElsewhere,
    },
    { known: () => ({ active: "none", why: "chosen" }), held: async () => new NoneBackend() },
  );
  return { explain, asked };
}

const cautionsOf = async (kernel: Kernel): Promise<readonly string[]> => {
  const { cautions } = await explainOf(kernel).explain.explain("web", "db:80");
  return cautions.filter((caution) => !caution.startsWith("the NAT backend is none"));
};

describe("on its way to another host a packet", () => {
  test("of the most bytes that a container sends fits on the link between them, or it is said how many do", async () => {
    expect(await cautionsOf({ linkMtu: 1500 })).toEqual([]);
    expect(await cautionsOf({ linkMtu: 1480 })).toEqual([
      'packets of more than 1430 bytes do not fit on the way to host b: network "span" has MTU 1450, which is 1500 bytes in its tunnel, and up0 carries 1480',
    ]);
    expect(await cautionsOf({ linkMtu: 1480, options: { mode: "hostgw" } })).toEqual([]);
  });

  test("gets no answer where this host drops the frames of that one alone", async () => {
    const drops = ({ source, port, from }: ForwardedPacket) =>
      source === "192.0.2.9" && port === 4789 && from === "up0";
    const { verdict } = await explainOf({ drops }).explain.explain("web", "db:80");
    expect(verdict).toEqual({
      reaches: false,
      why: "table inet filter, chain input drops what host b sends to UDP port 4789 of this host, and the answer with it",
      hint: "Let it accept that port from the other hosts of the cluster: tsd cluster ls",
    });
    const other = explainOf({ drops: ({ source }) => source !== "192.0.2.9" });
    expect((await other.explain.explain("web", "db:80")).verdict).toMatchObject({ reaches: true, host: "b" });
  });

  test.each<[readonly string[] | undefined, readonly RegExp[]]>([
    [["a", "b"], []],
    [["a"], [/^host b \(192\.0\.2\.9\) keeps no lease: it is down/]],
    [["b"], [/^the agent of this host keeps no lease/]],
    [undefined, [/^whether host b is alive is not known: etcd is away/]],
  ])("meets a host that is known to live, or not: %j", async (alive, said) => {
    expect(await cautionsOf({ alive } as Kernel)).toEqual(said.map((one) => expect.stringMatching(one)));
  });
});

test("the cluster is asked only about what goes to another host", async () => {
  const { explain, asked } = explainOf();
  await explain.explain("web", "host:80");
  await explain.matrix({});
  expect(asked).toEqual([]);
  await explain.explain("web", "10.70.0.66");
  expect(asked).toEqual(["read"]);
});

test.each<[ProbeFact["outcome"], boolean | undefined]>([
  ["open", true],
  ["refused", undefined],
  ["silence", undefined],
  ["unreachable", false],
])("of a packet that was sent to another host, %s agrees with what was predicted: %s", async (outcome, agrees) => {
  const { prediction, agrees: found, at } = await explainOf({ fact: { outcome } }).explain.probe("web", "db:80");
  expect([prediction.verdict.host, at, found]).toEqual(["b", "10.70.0.70:80", agrees]);
});

describe("containers of other hosts", () => {
  test("are called by name from everywhere, and call by it, unless one here has the name", async () => {
    const { explain } = explainOf();
    for (const from of ["web", "host"]) {
      expect((await explain.explain(from, "db:80")).verdict).toMatchObject({ server: "container db on host b" });
    }
    expect((await explain.explain("db", "web:80")).verdict).toMatchObject({
      server: "container web",
      seenAs: "10.70.0.70",
    });
    expect((await explain.explain("10.70.0.70", "web:80")).verdict).toMatchObject({ reaches: true });
    await expect(explain.probe("db", "web:80")).rejects.toMatchObject({ code: "TSD_PROBE_FROM" });
    const [, db] = peers as readonly [Peer, Peer & { readonly kind: "endpoint" }];
    const own = explainOf({
      known: [...peers, { ...db, id: "9".repeat(64), host: "c", addresses: ["10.70.0.99"], names: ["web"] }],
    });
    expect((await own.explain.explain("host", "web")).verdict).toMatchObject({
      server: "container web",
      at: "10.70.0.5",
    });
  });

  test("of one name on several hosts are called by address", async () => {
    const [, db] = peers as readonly [Peer, Peer & { readonly kind: "endpoint" }];
    const twin: Peer = { ...db, id: "9".repeat(64), host: "c", addresses: ["10.70.0.99"] };
    await expect(explainOf({ known: [...peers, twin] }).explain.explain("host", "db")).rejects.toMatchObject({
      kind: "conflict",
      message: '"db" is on several hosts: 10.70.0.70 on host b, 10.70.0.99 on host c',
    });
  });

  test("have a column of a matrix each, and a line together where they are many", async () => {
    const { explain } = explainOf({ options: { icc: "false" } });
    const matrix = await explain.matrix({ port: "80" });
    expect(matrix).toMatchObject({ names: ["web"], elsewhere: [{ host: "b", name: "db" }] });
    expect(matrix.verdicts).toEqual([
      [expect.objectContaining({ reaches: true }), expect.objectContaining({ host: "b" })],
    ]);
    expect(matrixText(matrix, plain, { reasons: true })).toBe(
      ["calls of 80/tcp  1 2", " 1 web           · ✔", " 2 db on b", ""].join("\n"),
    );
    const [host, db] = peers as readonly [Peer, Peer & { readonly kind: "endpoint" }];
    const many = Array.from({ length: 40 }, (_, n) => ({
      ...{ ...db, id: `${n}`.padStart(64, "e"), addresses: [`10.70.1.${n}`], names: [`c${n}`] },
    }));
    const crowd = await explainOf({ known: [host, ...many] }).explain.matrix({ network: "span" });
    expect(crowd).toMatchObject({ names: ["web"], elsewhere: [], others: { hosts: 1, endpoints: 40 } });
    expect(matrixText(crowd, plain, { reasons: false })).toContain("40 containers on another host are left out");
  });
});
