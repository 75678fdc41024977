import { describe, expect, test } from "@jest/globals";
import type { Endpoint, Network, Peer, RawOptions } from "../../../../src/api/index.js";
import type { ContainerRow, EndpointRow, NetworkRow, PeerRow } from "../../../../src/contracts/index.js";
import { OverlayDriver } from "../../../../src/drivers/overlay/overlay-driver.js";
import { Landscape, type Machine } from "../../../../src/engine/explain/landscape.js";
import { trace } from "../../../../src/engine/explain/trace.js";

const driver = new OverlayDriver();
const owner = { pid: 1, start: 1, bootId: "boot" };
const created = "2026-01-01T00:00:00.000Z";
const row = { state: "ready", owner } as const;
const id = "7".repeat(64);
const [bridge, tunnel] = ["br-777777777777", "vx-777777777777"];

const where = { networkId: id, host: "b", address: "192.0.2.9" };
const peers: readonly Peer[] = [
  { kind: "host", id: "1".repeat(64), ...where, mac: "02:00:00:00:00:09", blocks: ["10.70.0.64/26"] },
  {
    ...{ kind: "endpoint", id: "2".repeat(64), ...where, mac: "02:00:00:00:00:0a", names: ["db"] },
    addresses: ["10.70.0.70"],
  },
];

interface World {
  readonly options?: RawOptions;
  readonly internal?: boolean;
  readonly machine?: Partial<Machine>;
  readonly known?: readonly Peer[];
}

/** A container `web` at 10.70.0.5 on a network that spans hosts, and host b with 10.70.0.64/26. */
function land({ options = {}, internal = false, machine = {}, known = peers }: World): Landscape {
  const network: Network = {
    ...{ id, name: "span", driver: "overlay", created, labels: {}, mac: "02:00:00:00:00:01", options, internal },
    uplinks: [{ name: "up0", forwarding: false }],
    subnets: [{ cidr: "10.70.0.0/16", gateway: "10.70.0.1" }],
    cluster: {
      ...{ vni: 4097, host: "a", address: "192.0.2.1", mtu: 1500, mac: "02:00:00:00:00:02" },
      blocks: ["10.70.0.0/26"],
      ...(options.encrypted === "true" ? { wireguard: { port: 51_820, generation: 1 } } : {}),
    },
  };
  const endpoint: Endpoint = {
    ...{ id: "3".repeat(64), networkId: id, netns: "/run/tsd/netns/web", interface: "eth0" },
    ...{ mac: "02:00:00:00:00:05", addresses: ["10.70.0.5/16"], ports: [], metric: 1024 },
  };
  const networkRow: NetworkRow = { id, ...row, network, resources: driver.network(network) };
  const resources = driver.endpoint(network, endpoint);
  const endpointRow: EndpointRow = { id: endpoint.id, ...row, endpoint, containerId: "c".repeat(64), resources };
  const peerRows = known.map((peer): PeerRow => ({ id: peer.id, ...row, peer, resources: driver.peer(network, peer) }));
  const addresses = [
    { link: "up0", address: "192.0.2.1/24" },
    { link: bridge, address: "10.70.0.1/16" },
    { link: options.mode === "l2" ? bridge : tunnel, address: "10.70.0.2/32" },
  ];
  return new Landscape({
    networks: [networkRow],
    endpoints: [endpointRow],
    containers: [containerRow(endpoint)],
    peers: peerRows,
    machine: {
      addresses: () => addresses,
      uplinks: () => [{ name: "up0", forwarding: true }],
      parameter: (key) => (key.endsWith("forwarding") ? "1" : undefined),
      isPortFree: () => true,
      routeTo: (address) => ({ local: false, link: address.startsWith("192.") ? "up0" : tunnel, source: "192.0.2.1" }),
      ...machine,
    },
  });
}

function containerRow({ netns }: Endpoint): ContainerRow {
  const sandbox = { id, netns, directory: "/run/tsd/x", hostname: "web", hosts: [] };
  return {
    ...{ id: "c".repeat(64), ...row, resources: [] },
    container: {
      ...{ id: "c".repeat(64), name: "web", spec: {}, command: ["sh"], layers: [], created, attached: false },
      ...{ stopSignal: "TERM", status: "running", sandbox },
    },
  };
}

function callFrom(from: "web" | "host" | "outside", destination: string, world: World = {}) {
  const scene = land(world);
  const rows = scene.facts.endpoints;
  const { steps, verdict } = trace(
    scene,
    from === "web"
      ? { kind: "namespace", name: "container web", handle: "web", netns: "/run/tsd/netns/web", rows }
      : { kind: from, name: from },
    { protocol: "tcp", destination, port: 80 },
  );
  return { places: steps.map(({ place }) => place), steps, verdict };
}

describe("a packet for a container on another host", () => {
  test("goes by the bridge and the tunnel to that host, under its own address", () => {
    const { places, steps, verdict } = callFrom("web", "10.70.0.70");
    expect(places).toEqual([
      ...["container web", `bridge ${bridge}`, "forward", "postrouting", `tunnel ${tunnel}`, "host b"],
    ]);
    expect(verdict).toMatchObject({
      ...{ reaches: true, server: "container db on host b", at: "10.70.0.70:80", seenAs: "10.70.0.5" },
      why: 'network "span" is on other hosts too',
      hint: "What host b makes of it: tsd explain there",
    });
    const crossing = steps.at(-2);
    expect(crossing?.what).toBe("sends it to host b at 192.0.2.9, in VXLAN segment 4097 to UDP port 4789");
    expect(crossing?.needs).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: "fdb", remote: "192.0.2.9" }),
        expect.objectContaining({ kind: "route", destination: "10.70.0.64/26" }),
      ]),
    );
    expect(steps.find(({ place }) => place === "forward")?.effect).toMatchObject({ aspect: "trunk" });
  });

  test("is encrypted on its way where the network is", () => {
    const known = peers.map((peer): Peer => {
      return peer.kind === "host"
        ? { ...peer, wireguard: { publicKey: `${"k".repeat(42)}A=`, port: 51_821 } }
        : { ...peer, hostMac: "02:00:00:00:00:09" };
    });
    const { places, steps } = callFrom("web", "10.70.0.70", { options: { encrypted: "true" }, known });
    expect(places.slice(-3)).toEqual([`tunnel ${tunnel}`, "link wg-777777777777", "host b"]);
    expect(steps.slice(-3, -1).map(({ what }) => what)).toEqual([
      "sends it to host b, in VXLAN segment 4097 to UDP port 4789",
      "encrypts it (WireGuard) for host b at 192.0.2.9, to UDP port 51821",
    ]);
    expect(steps.at(-2)?.needs?.map(({ kind }) => kind)).toEqual(["link", "wireguard", "address", "wireguard peer"]);
  });

  test.each<[string, World]>([
    ["an internal network", { internal: true }],
    ["one with icc=false, whose other host decides", { options: { icc: "false" } }],
  ])("goes there on %s", (_, world) => {
    expect(callFrom("web", "10.70.0.66", world).verdict).toMatchObject({ reaches: true, server: "host b" });
  });

  test("goes by the bridge alone where the tunnel is a port of it", () => {
    const { places } = callFrom("web", "10.70.0.70", { options: { mode: "l2" } });
    expect(places).toEqual(["container web", `bridge ${bridge}`, `tunnel ${tunnel}`, "host b"]);
  });

  test("goes from the host by the address that it has in the tunnel", () => {
    expect(callFrom("host", "10.70.0.66").verdict).toMatchObject({ reaches: true, seenAs: "10.70.0.2" });
  });

  test("does not come in from another machine to leave for another host", () => {
    expect(callFrom("outside", "10.70.0.66").verdict).toMatchObject({
      ...{ reaches: false, why: 'network "span" lets nobody in from elsewhere but to what is published' },
    });
  });

  test.each<[string, World, string]>([
    ["no host is known to have the address", { known: [] }, 'no host of network "span" is known to have 10.70.0.66'],
    [
      "the host has no route to the other",
      { machine: { routeTo: () => undefined } },
      "this host has no route to host b at 192.0.2.9",
    ],
  ])("ends where %s", (_, world, why) => {
    expect(callFrom("web", "10.70.0.66", world).verdict).toMatchObject({ reaches: false, why });
  });
});
