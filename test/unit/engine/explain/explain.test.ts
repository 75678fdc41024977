import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Drift, Resource } from "../../../../src/api/index.js";
import type { ContainerRow, EndpointRow, Host } from "../../../../src/contracts/index.js";
import { BridgeDriver } from "../../../../src/drivers/bridge/bridge-driver.js";
import { Explain } from "../../../../src/engine/explain/explain.js";
import type { Machine } from "../../../../src/engine/explain/landscape.js";
import { NoneBackend } from "../../../../src/nat/none/none-backend.js";
import type { SqliteStore } from "../../../../src/store/sqlite-store.js";
import { driversOf } from "../../../support/engine/drivers-of.js";
import { TemporaryStore } from "../../store/support/temporary-store.js";
import { filterOf, matrixFacts, noCluster } from "./matrix-landscape.js";

const temporary = new TemporaryStore();
let store: SqliteStore;

/** What else there is beside the containers of the matrix. */
function others(base: ContainerRow): readonly ContainerRow[] {
  const { container } = base;
  const { sandbox, ...stopped } = container;
  const row = (digit: string, changes: Partial<ContainerRow["container"]>): ContainerRow => {
    const id = digit.repeat(64);
    return { ...base, id, container: { ...stopped, ...changes, id } };
  };
  if (sandbox === undefined) throw new Error("the matrix has containers that run");
  const { netns: _netns, ...shared } = sandbox;
  return [
    row("7", { name: "guest", sandbox }),
    row("8", { name: "hosty", sandbox: shared }),
    row("9", { name: "lonely", sandbox: { ...sandbox, netns: "/run/tsd/netns/lonely" } }),
    row("6", { name: "ended", status: "exited" }),
  ];
}

/** A port of the one that its neighbour does not reach, beyond the matrix. */
const ofC2: Resource = {
  kind: "publish",
  ...{ owner: "2".repeat(64), bridge: "br-c", containerAddress: "10.30.0.3" },
  ...({ protocol: "tcp", hostPort: 8090, containerPort: 80, count: 1 } as const),
};

const ofB1: Resource = {
  kind: "guard",
  ...{ owner: "3".repeat(64), bridge: "br-b", link: "vethb1", mac: "02:00:00:00:00:02", addresses: ["10.20.20.2"] },
};

function beyondMatrix({ endpoint }: EndpointRow): readonly Resource[] {
  return { c2: [ofC2], b1: [ofB1] }[endpoint.netns.slice(-2)] ?? [];
}

beforeAll(() => {
  store = temporary.open();
  const { networks, endpoints, containers } = matrixFacts();
  store.transaction(() => {
    for (const row of networks) store.networks.insert(row);
    for (const row of containers) store.containers.insert(row);
    for (const row of containers.slice(0, 1).flatMap(others)) store.containers.insert(row);
    for (const row of endpoints) {
      const aliases = { a2: { aliases: ["svc", "2b"] }, c1: { aliases: ["many"] }, c2: { aliases: ["many"] } };
      const endpoint = { ...row.endpoint, ...aliases[row.endpoint.netns.slice(-2) as keyof typeof aliases] };
      store.endpoints.insert({ ...row, endpoint, resources: [...row.resources, ...beyondMatrix(row)] });
    }
  });
});
afterAll(() => temporary[Symbol.dispose]());

interface Differences {
  readonly machine?: Partial<Machine>;
  readonly drops?: Host["forwardDrops"];
  readonly lacks?: (resource: Resource) => boolean;
  readonly backend?: string;
  readonly listeners?: readonly string[];
}

function explain(
  from: string,
  to: string,
  { machine = {}, drops = async () => [], lacks, backend, listeners }: Differences = {},
) {
  const host = { ...matrixFacts({ machine }).machine, ...filterOf(drops), listeners: () => listeners } as never;
  const inspect = async (resources: readonly Resource[]): Promise<readonly Drift[]> =>
    resources.filter((one) => lacks?.(one)).map((resource) => ({ resource, problem: "missing" }));
  const why = "chosen";
  return new Explain(
    {
      store,
      drivers: driversOf(new BridgeDriver()),
      host: async () => host,
      applier: { inspect } as never,
      ...noCluster,
    },
    {
      known: () => (backend === undefined ? undefined : { active: backend, why }),
      held: async () => new NoneBackend(),
    },
  ).explain(from, to);
}

describe("who is meant", () => {
  test.each([
    ["a1", "a2:80", "10.10.10.3:80", "10.10.10.2"],
    ["10.10.10.2", "a2", "10.10.10.3", "10.10.10.2"],
    ["netns:/run/tsd/netns/a1", "a2:80", "10.10.10.3:80", "10.10.10.2"],
    ["a", "a2:80", "10.10.10.3:80", "10.10.10.0/24"],
    ["aaaa", "host:8080", "10.10.10.2:80", "10.10.10.1"],
    ["hosty", "a2:80", "10.10.10.3:80", "10.10.10.1"],
    ["192.0.2.1", "a2:80", "10.10.10.3:80", "10.10.10.1"],
    ["192.0.2.2", "host:8080", "10.10.10.2:80", "192.0.2.2"],
    ["2001:db8::2", "host:8080", "[fd00:a::2]:80", "2001:db8::2"],
    ["outside", "host:8080", "10.10.10.2:80", undefined],
    ["a2", "[FD00:A:0::2]:80", "[fd00:a::2]:80", "fd00:a::3"],
    ["guest", "a2:80", "10.10.10.3:80", "10.10.10.2"],
    ["guest", "a1:80", "10.10.10.2:80", "10.10.10.2"],
    ["lonely", "lonely:80", "127.0.0.1:80", "127.0.0.1"],
    ["a1", "hosty:8080", "10.10.10.2:80", "10.10.10.1"],
    ["a1", "SVC:80", "10.10.10.3:80", "10.10.10.2"],
    ["a1", "2b:80", "10.10.10.3:80", "10.10.10.2"],
    ["svc", "a1:80", "10.10.10.2:80", "10.10.10.3"],
    ["host", "svc:80", "10.10.10.3:80", "10.10.10.1"],
    ["a1", "192.0.2.2:7/udp", "192.0.2.2:7", "192.0.2.1"],
  ])("%s → %s", async (from, to, at, seenAs) => {
    const { verdict } = await explain(from, to);
    expect(verdict).toMatchObject({ reaches: true, at, ...(seenAs === undefined ? {} : { seenAs }) });
    expect("seenAs" in verdict).toBe(seenAs !== undefined);
  });

  test.each([
    ["ended", "a2", 'container "ended" does not run: it is exited', "tsd start ended"],
    ["a1", "ended:80", 'container "ended" does not run: it is exited', "tsd start ended"],
    ["a1", "lonely:80", "container lonely is on no network", "tsd network connect NETWORK lonely"],
    ["lonely", "a1:80", "container lonely is on no network", "tsd network connect a lonely"],
    ["a1", "10.10.10.99:80", 'no container on network "a" has address 10.10.10.99', "tsd network inspect a"],
    [
      "d1",
      "1.1.1.1:443",
      'container d1 is on internal networks alone ("d"), which lead nowhere else',
      "tsd network connect",
    ],
    [
      "b1",
      "a1:81",
      'network "a" lets nobody in from elsewhere',
      "tsd network connect a b1; or publish the port: tsd port add a1 81",
    ],
    ["outside", "a1:81/udp", 'network "a" lets nobody in from elsewhere', "Publish the port: tsd port add a1 81/udp"],
    ["c1", "c2:80", 'network "c" keeps neighbours apart (icc=false)', "tsd run --link c2"],
    ["outside", "d1:80", 'network "d" is internal', undefined],
    ["a1", "host:9999", "no container publishes port 9999/tcp of 192.0.2.1", "tsd port add CONTAINER 9999:PORT"],
    [
      "a1",
      "host:8081",
      "port 8081/tcp of container a1 with guest is not published on 192.0.2.1, but on 127.0.0.1",
      "192.0.2.1:8081:80",
    ],
    ["a1", "203.0.113.1", "the host has no route to 203.0.113.1", undefined],
    ["outside", "203.0.113.1", "203.0.113.1 is neither this host nor anything behind it", undefined],
    ["outside", "127.0.0.1:8080", "127.0.0.1 is every machine's own", undefined],
    ["netns:/run/netns/x", "a1", "namespace /run/netns/x is on no network", "tsd network connect a netns:/run/netns/x"],
  ])("%s does not reach %s", async (from, to, why, hint) => {
    const { verdict } = await explain(from, to);
    expect(verdict).toMatchObject({ reaches: false, why: expect.stringContaining(why) });
    if (hint === undefined) expect(verdict.hint).toBeUndefined();
    else expect(verdict.hint).toContain(hint);
  });

  test.each([
    ["nobody", "a1", "neither a container nor a network"],
    ["10.10.10.99", "a1", 'no container on network "a" has address 10.10.10.99'],
    ["192.0.2.2", "[fd00:a::2]:80", "cannot call fd00:a::2, an address of the other family"],
    ["netns:", "a1", "names no network namespace"],
    ["a1", "nobody:80", 'container "nobody" does not exist'],
    ["a1", "www.example.com:443", 'no container is called "www.example.com"'],
    ["many", "a1", '"many" is an alias of several containers: c1, c2'],
    ["a1", "a:80", '"a" is a network, not a container'],
  ])("%s → %s is refused", async (from, to, message) => {
    await expect(explain(from, to)).rejects.toMatchObject({ message: expect.stringContaining(message) });
  });
});

describe("what the machine has otherwise", () => {
  const parameters = (values: Readonly<Record<string, string>>): Differences => ({
    machine: { parameter: (key) => values[key] ?? (key.endsWith("forwarding") ? "1" : undefined) },
  });

  test.each([
    ["outside", "host:8080", "up0"],
    ["outside", "host:8080", "br-a"],
    ["a1", "192.0.2.2:7", "br-a"],
    ["a1", "192.0.2.2:7", "up0"],
  ])("%s → %s where %s does not forward", async (from, to, link) => {
    const { verdict } = await explain(from, to, parameters({ [`net/ipv4/conf/${link}/forwarding`]: "0" }));
    expect(verdict).toMatchObject({
      reaches: false,
      why: `${link} does not forward IPv4 packets`,
      hint: "Let tsd repair it: tsd reload",
    });
  });

  test("br_netfilter turns what is translated to an isolated neighbour round, where it is dropped", async () => {
    expect((await explain("c1", "host:8090")).verdict).toMatchObject({ reaches: true, seenAs: "10.30.0.1" });
    const filtered = parameters({ "net/bridge/bridge-nf-call-iptables": "1" });
    expect((await explain("c1", "host:8090", filtered)).verdict).toMatchObject({
      ...{ reaches: false, why: expect.stringContaining("br_netfilter") },
    });
    for (const from of ["outside", "a1"])
      expect((await explain(from, "host:8090", filtered)).verdict.reaches).toBe(true);
  });

  test("a process of the host listens", async () => {
    const { verdict } = await explain("outside", "host:22", { machine: { isPortFree: () => false } });
    expect(verdict).toMatchObject({
      reaches: true,
      server: "the host",
      at: "192.0.2.1:22",
      why: "a process of the host listens there",
    });
  });

  test("a process of the host listens on a published port in vain", async () => {
    const { hops, verdict } = await explain("outside", "host:8080", { machine: { isPortFree: () => false } });
    expect(verdict.reaches).toBe(true);
    expect(hops.map(({ what }) => what).join()).toContain("a process of the host listens there in vain");
  });

  test("what the way needs is lacking: the hop that needs it is told, once, and the verdict changes", async () => {
    const { hops, verdict } = await explain("outside", "host:8080", { lacks: ({ kind }) => kind === "publish" });
    expect(hops.flatMap(({ place, drifts = [] }) => drifts.map(({ problem }) => [place, problem]))).toEqual([
      ["prerouting", "missing"],
    ]);
    expect(verdict).toMatchObject({
      reaches: false,
      why: "hop 3 is not in the kernel as tsd made it",
      hint: "Repair it: tsd reload",
    });
  });

  test.each([
    ["b1", "a1", "bridge br-b"],
    ["host", "b1:80", "container b1"],
  ])("the guard of a port is lacking: on the way of %s to %s", async (from, to, place) => {
    const lacks = ({ kind }: Resource) => kind === "guard";
    const { hops } = await explain(from, to, { lacks });
    const told = hops.filter(({ drifts }) => drifts !== undefined).map((hop) => hop.place);
    expect(told).toEqual([place]);
  });

  test("what the way does not need may be lacking", async () => {
    const { hops, verdict } = await explain("a1", "a2:80", {
      lacks: ({ kind }) => kind === "isolate" || kind === "masquerade",
    });
    expect([verdict.reaches, hops.flatMap(({ drifts = [] }) => drifts)]).toEqual([true, []]);
  });

  test("what drops is lacking: that is said beside the verdict", async () => {
    const { verdict, cautions } = await explain("b1", "a1:81", { lacks: ({ kind }) => kind === "isolate" });
    expect(verdict.reaches).toBe(false);
    expect(cautions).toEqual([expect.stringContaining("may be decided otherwise until tsd reload")]);
  });

  test("the kernel sends by another link", async () => {
    const routeTo: Machine["routeTo"] = () => ({ local: false, link: "eth9" });
    const { hops, verdict } = await explain("host", "a1:80", { machine: { routeTo } });
    expect(hops[0]?.amiss).toBe("the kernel sends it by eth9 instead");
    expect(verdict).toMatchObject({ reaches: false, hint: "See what is in the way: tsd doctor" });
  });

  test("a backend that does nothing is a caution", async () => {
    const { verdict, cautions } = await explain("b1", "host:8080", { backend: "none" });
    expect([verdict.reaches, cautions]).toEqual([true, [expect.stringContaining("the NAT backend is none")]]);
  });
});

describe("the server", () => {
  const elsewhere = (own: string, at: string) =>
    `port 80/tcp of container a2 is listened on at ${own} alone, and not at ${at}`;

  test.each<[string, readonly string[] | undefined, readonly string[]]>([
    ["a2:80", undefined, []],
    ["a2:80", ["0.0.0.0"], []],
    ["a2:80", ["::"], []],
    ["a2:80", ["127.0.0.1", "10.10.10.3"], []],
    ["a2:80", ["127.0.0.1"], [elsewhere("127.0.0.1", "10.10.10.3")]],
    ["a2:80", ["127.0.0.1", "::1"], [elsewhere("127.0.0.1 and ::1", "10.10.10.3")]],
    ["[fd00:a::3]:80", ["0.0.0.0"], [elsewhere("0.0.0.0", "fd00:a::3")]],
    ["[fd00:a::3]:80", ["::"], []],
    ["a2:80", [], ["nothing listens on port 80/tcp in container a2"]],
    ["a1:80", [], ["nothing listens on port 80/tcp in container a1"]],
    ["a2", [], []],
    ["192.0.2.2:7", [], []],
  ])("of %s is asked whether it listens: at %j", async (to, listeners, cautions) => {
    expect(await explain("a1", to, { ...(listeners === undefined ? {} : { listeners }) })).toMatchObject({
      verdict: { reaches: true },
      cautions,
    });
  });

  test("is not asked where nothing comes to it", async () => {
    const lacks = ({ kind }: Resource) => kind === "link";
    expect((await explain("a1", "a2:80", { listeners: [], lacks })).cautions).toEqual([]);
  });
});
