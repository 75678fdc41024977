import { expect } from "@jest/globals";
import { ClusterRecords } from "../../../src/cluster/records/cluster-records.js";
import { listNotes } from "../../../src/engine/rows/cluster-notes.js";
import { readMembership } from "../../../src/engine/rows/membership.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import { LeaseBook } from "../../../src/ipam/lease-book.js";
import { expectAgreement } from "../engine/agreement.js";
import type { TsdProcess } from "../engine/tsd-process.js";
import type { World } from "../engine/world.js";

/** What must hold of a machine whenever none of its commands is under way: the cluster has what its rows say, and nothing else of it. */
export async function expectClusterAgreement(world: World): Promise<void> {
  expectAgreement(world);
  const { store } = world;
  const membership = readMembership(store);
  const records = new ClusterRecords(world.cluster, membership?.cluster ?? "default");
  const { hosts, networks } = await records.read();
  const rows = store.networks.list().filter(({ network }) => network.cluster !== undefined);
  if (membership === undefined) {
    expect(rows).toEqual([]);
    // What could not be given up is tried again after a while.
    const waiting = listNotes(store).filter(({ failure }) => failure !== undefined);
    expect(listNotes(store)).toEqual(waiting);
    if (waiting.length === 0) expect(hosts.get(world.hostname)).toBeUndefined();
    return;
  }
  const { host, epoch, address } = membership;
  expect(hosts.get(host)).toMatchObject({ epoch, address });
  const held: string[] = [];
  for (const { id, subnets } of networks.values()) {
    const found = await records.readNetwork(id);
    const network = rows.find((row) => row.id === id)?.network;
    const blocks = [...found.blocks].flatMap(([block, holder]) => (holder === host ? block : []));
    // A block that was claimed by a process that died is this host's, and is found again when one is needed.
    expect(blocks).toEqual(expect.arrayContaining([...(network?.cluster?.blocks ?? [])]));
    expect(found.members.get(host)?.mac).toEqual(network?.cluster?.mac);
    expect(network?.subnets.map(({ cidr }) => cidr) ?? subnets.map(({ cidr }) => cidr)).toEqual(
      subnets.map(({ cidr }) => cidr),
    );
    for (const [heldAddress, holder] of found.held) if (holder === host) held.push(`${id} ${heldAddress}`);
  }
  for (const { network } of rows) expect(networks.get(network.name)?.id).toBe(network.id);
  // What waits was tried already.
  const unused = listNotes(store).filter(
    (note) => note.of === "address" && note.failure === undefined && !isLeased(world, note),
  );
  expect(unused).toEqual([]);
  const noted = listNotes(store).map((note) => (note.of === "address" ? `${note.id} ${note.address}` : note.of));
  expect(noted.sort()).toEqual(held.sort());
}

function isLeased({ store }: World, { id, address }: { readonly id: string; readonly address: string }): boolean {
  const book = new LeaseBook(store.leases);
  const subnets = store.networks.get(id)?.network.subnets ?? [];
  return subnets.some(({ cidr }) => book.holder({ networkId: id, cidr, address }) !== undefined);
}

/** Has each verb of the machine's cluster fail until what is returned is called. */
export function cutOff({ cluster }: World, onVerb: () => void = () => undefined): () => void {
  const { read, commit } = cluster;
  const gone = async (): Promise<never> => {
    onVerb();
    throw new TsdError({ kind: "runtime", code: "TSD_CLUSTER_UNREACHABLE", message: "no quorum" });
  };
  Object.assign(cluster, { read: gone, commit: gone });
  return () => void Object.assign(cluster, { read, commit });
}

/** Two machines in one cluster, the first of them with the network "web". */
export class TwoHosts implements Disposable {
  readonly a: World;
  readonly b: World;

  constructor(hosts: { readonly a: World; readonly b: World }) {
    this.a = Object.assign(hosts.a, { hostname: "a", address: "192.0.2.1" });
    this.b = Object.assign(hosts.b, { hostname: "b", address: "192.0.2.2", cluster: hosts.a.cluster });
  }

  /** A process on each, once both have joined. */
  async joined(): Promise<{ readonly a: TsdProcess; readonly b: TsdProcess }> {
    const [a, b] = [await this.a.command(), await this.b.command()];
    await a.cluster.join({});
    await b.cluster.join({});
    return { a, b };
  }

  async expectAgreement(): Promise<void> {
    await expectClusterAgreement(this.a);
    await expectClusterAgreement(this.b);
  }

  [Symbol.dispose](): void {
    this.a[Symbol.dispose]();
    this.b[Symbol.dispose]();
  }
}
