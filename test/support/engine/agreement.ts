import { expect } from "@jest/globals";
import { ownsSandbox } from "../../../src/contracts/container-outline.js";
import { hostsFile, withNames } from "../../../src/engine/sandbox/hosts-file.js";
import { FakeKernel } from "./fake-kernel.js";
import { seed, type World } from "./world.js";

/**
 * What must hold whenever no command is under way: all work is finished, the kernel has what the rows list and nothing
 * else, the containers that should run do and no others, and exactly the addresses and ports of endpoints are held.
 */
export function expectAgreement(world: World): void {
  const { store, kernel, containers } = world;
  const rows = {
    networks: store.networks.list(),
    peers: store.peers.list(),
    containers: store.containers.list(),
    endpoints: store.endpoints.list(),
  };
  const described = new FakeKernel();
  seed(described, world.bridges.keys());
  for (const row of [...rows.networks, ...rows.peers, ...rows.containers, ...rows.endpoints]) {
    expect(row.state).toBe("ready");
    described.ensure("container" in row ? withNames(store, row) : row.resources);
  }
  expect(kernel.lines()).toEqual(described.lines());
  expect(kernel.misuse.reports).toEqual([]);

  for (const row of rows.containers.filter(ownsSandbox)) {
    expect(withNames(store, row)).toContainEqual(hostsFile(store, row.id));
  }
  const running = rows.containers.filter(({ container }) => container.status === "running").map(({ id }) => id);
  expect([...containers.ids()].sort()).toEqual([...running].sort());
  expect(running.filter((id) => !containers.isAlive(id))).toEqual([]);
  for (const { container } of rows.containers)
    expect(container.spec.autoRemove ? ["created", "running"] : ["created", "running", "exited"]).toContain(
      container.status,
    );
  const ids = new Set(rows.containers.map(({ id }) => id));
  expect([...containers.logs].filter((id) => !ids.has(id))).toEqual([]);

  const { leases, ports, pools } = world.contents();
  expect(leases.map((lease) => (lease as { holder: string }).holder).sort()).toEqual(expectedHolders(world).sort());
  expect(ports).toHaveLength(rows.endpoints.flatMap(({ endpoint }) => endpoint.ports).length);
  expect(pools).toHaveLength(rows.networks.flatMap(({ network }) => network.subnets).length);
  expectLedger(world);
  for (const { containerId } of rows.endpoints) if (containerId !== undefined) expect(running).toContain(containerId);
}

/** The IPAM driver holds what rows have of it and nothing else, and nothing is to be released. */
function expectLedger({ store, ipam }: World): void {
  const networks = store.networks.list().filter(({ network }) => network.ipam !== undefined);
  const endpoints = store.endpoints.list().filter((row) => row.ipam !== undefined);
  const held = [
    ...networks.map(({ id, network }) => [`${id} pool`, network.subnets.map(({ cidr }) => cidr)]),
    ...endpoints.map(({ id, endpoint }) => [
      `${endpoint.networkId} ${id}`,
      endpoint.addresses.map((address) => address.split("/")[0]),
    ]),
  ];
  expect(Object.fromEntries(ipam.ledger)).toEqual(Object.fromEntries(held));
  expect(store.debts.list()).toEqual([]);
}

/** The machine is as if tsd had never been there. */
export function expectNothingLeft(world: World): void {
  const untouched = new FakeKernel();
  seed(untouched, world.bridges.keys());
  expect(world.kernel.lines()).toEqual(untouched.lines());
  expect(world.kernel.misuse.reports).toEqual([]);
  expect(world.containers.ids()).toEqual([]);
  expect([...world.containers.logs]).toEqual([]);
  expect([...world.ipam.ledger]).toEqual([]);
  const empty = {
    networks: [],
    endpoints: [],
    containers: [],
    volumes: [],
    peers: [],
    ports: [],
    pools: [],
    leases: [],
    debts: [],
  };
  expect(world.contents()).toEqual(empty);
}

/** Who must hold addresses, once for each: networks their gateways, containers those they asked for, endpoints the rest. */
function expectedHolders({ store }: World): string[] {
  const reservations = store.containers.list().flatMap(({ id, container: { spec } }) =>
    (spec.networks ?? []).flatMap(({ network, address }) => {
      const found = store.networks.list().find((row) => row.network.name === network || row.id === network);
      return address === undefined || found === undefined ? [] : [{ holder: id, networkId: found.id }];
    }),
  );
  const own = store.endpoints
    .list()
    .filter(({ containerId, endpoint }) =>
      reservations.every(({ holder, networkId }) => holder !== containerId || networkId !== endpoint.networkId),
    );
  return [
    ...store.networks
      .list()
      .flatMap(({ id, network }) =>
        network.subnets.flatMap(() => (network.cluster === undefined ? [id] : [id, `${id}/this host`])),
      ),
    ...own.flatMap(({ id, endpoint }) => endpoint.addresses.map(() => id)),
    ...reservations.map(({ holder }) => holder),
  ];
}
