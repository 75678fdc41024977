import type { Cluster, ClusterDetails, ClusterHost, ClusterNetwork, ClusterSpec, RotatedKey } from "../../api/index.js";
import type { ClusterNote, HostRecord, Membership, NetworkRecord, NetworkRow } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Notes } from "../cluster/notes.js";
import type { ClusterClaims } from "../contracts/cluster.js";
import type { Parts } from "../contracts/parts.js";
import { ownAddress } from "../host-facts/own-address.js";
import { requireEtcdFiles } from "../host-facts/require-etcd-files.js";
import type { NetworkLifecycle } from "../lifecycle/network-lifecycle.js";
import { type ClusterRequest, parseCluster } from "../requests/cluster-request.js";
import { readAgentNotes, tidyAgentNotes } from "../rows/agent-notes.js";
import { deleteNote, listNotes, networkNotes, noteClaim, noteReturn } from "../rows/cluster-notes.js";
import { endpointUser } from "../rows/endpoint-user.js";
import { checkName, newId } from "../rows/identifiers.js";
import { forgetMembership, keepMembership, requireMembership } from "../rows/membership.js";
import type { KeyRotation } from "../updates/key-rotation.js";

type ClusterParts = Pick<Parts, "store" | "processes" | "host" | "membership" | "cluster">;

/** Which cluster this host is in, and who else is. */
export class ClusterUseCases implements Cluster {
  constructor(
    private readonly parts: ClusterParts,
    private readonly changes: {
      readonly lifecycle: Pick<NetworkLifecycle, "leave">;
      readonly notes: Pick<Notes, "settle">;
      readonly keys: Pick<KeyRotation, "rotate">;
      /** Of tsd. */
      readonly version: string;
    },
  ) {}

  /** The epoch is written down before the cluster has it, so that a command that dies leaves no host there that no state accounts for. */
  async join(spec: ClusterSpec): Promise<ClusterHost> {
    const { store, processes } = this.parts;
    this.refuseMember();
    const host = await this.parts.host();
    const request = parseCluster(spec, host.hostname());
    checkName("cluster", request.cluster);
    checkName("host", request.host);
    if (request.etcd !== undefined) requireEtcdFiles(request.etcd);
    const address = await ownAddress(host, request);
    const membership = this.membershipOf(request, address);
    const cluster = await this.parts.cluster(membership);
    // A cluster that does not reply has nothing of this host's, so nothing is noted.
    await cluster.read();
    const note = store.transaction(() => noteClaim(store, { of: "host", membership }, processes.self()));
    try {
      const { version } = this.changes;
      const { clusterId, joined } = await cluster.claimHost({
        name: membership.host,
        address,
        version,
        epoch: membership.epoch,
      });
      const joinedAs: Membership = { ...membership, clusterId, joined };
      store.transaction(() => {
        this.refuseMember();
        keepMembership(store, joinedAs);
        deleteNote(store, note);
      });
      return { name: membership.host, address, joined, isSelf: true, isAlive: false, networks: [] };
    } catch (error) {
      await this.changes.notes.settle([note]);
      throw error;
    }
  }

  async leave({ force = false }: { readonly force?: boolean } = {}): Promise<void> {
    const { store, processes } = this.parts;
    const membership = requireMembership(this.parts.membership());
    const networks = store.networks.list().filter(({ network }) => network.cluster !== undefined);
    this.refuseUsed(networks, membership);
    // Before anything is given up here: the others would go on to send packets to this host.
    if (!force) await (await this.parts.cluster()).read();
    let note: ClusterNote;
    try {
      for (const { id } of networks) await this.changes.lifecycle.leave(id);
      note = store.transaction(() => {
        this.refuseNewcomers(membership);
        forgetMembership(store);
        tidyAgentNotes(store);
        // With the host goes all that it had; what it may have in an earlier cluster stays noted.
        for (const old of listNotes(store)) if (old.of !== "host") deleteNote(store, old);
        return noteReturn(store, { of: "host", membership }, { owner: processes.self() });
      });
    } catch (error) {
      await this.changes.notes.settle(networks.flatMap(({ id }) => networkNotes(store, id)));
      throw error;
    }
    await this.changes.notes.settle([note]);
  }

  async list(): Promise<readonly ClusterHost[]> {
    return (await this.inspect()).hosts;
  }

  async inspect(): Promise<ClusterDetails> {
    const membership = requireMembership(this.parts.membership());
    const cluster = await this.parts.cluster();
    const { hosts, networks } = await cluster.read();
    const notes = readAgentNotes(this.parts.store).networks;
    const found = await Promise.all(
      [...networks].map(async ([name, record]) => ({
        ...(await networkOf(cluster, name, record)),
        troubles: notes[record.id]?.troubles ?? [],
      })),
    );
    return {
      cluster: membership.cluster,
      etcd: membership.etcd?.endpoints ?? [],
      hosts: [...hosts].map(([name, record]) => hostOf({ name, record, membership, networks: found })),
      networks: found,
    };
  }

  async remove(host: string, options: { readonly force?: boolean } = {}): Promise<void> {
    const membership = requireMembership(this.parts.membership());
    if (host === membership.host) throw isSelf(host);
    await (await this.parts.cluster()).removeHost(host, options);
  }

  async rotateKeys(networks?: readonly string[]): Promise<readonly RotatedKey[]> {
    const { store } = this.parts;
    requireMembership(this.parts.membership());
    const encrypted = () => store.networks.list().filter(({ network }) => network.cluster?.wireguard !== undefined);
    const rows = networks?.map((ref) => store.networks.resolve(ref)) ?? encrypted();
    const rotated: RotatedKey[] = [];
    for (const { id, network } of new Map(rows.map((row) => [row.id, row])).values())
      rotated.push({ network: network.name, publicKey: await this.changes.keys.rotate(id) });
    return rotated;
  }

  private membershipOf({ host, cluster, etcd }: ClusterRequest, address: string): Membership {
    // What could not be given up yet is this host's own: it takes it back.
    const known = listNotes(this.parts.store).find(
      (note) => note.of === "host" && note.membership.host === host && note.membership.cluster === cluster,
    );
    const epoch = known?.of === "host" ? known.membership.epoch : newId().slice(0, 32);
    return { cluster, clusterId: "", host, address, epoch, joined: "", ...(etcd === undefined ? {} : { etcd }) };
  }

  private refuseMember(): void {
    const membership = this.parts.membership();
    if (membership === undefined) return;
    const { cluster, host } = membership;
    throw new TsdError({
      kind: "conflict",
      code: "TSD_CLUSTER_JOINED",
      message: `this host is in cluster "${cluster}" already, as "${host}"`,
      hint: "Leave it first: tsd cluster leave",
      details: { cluster, host },
    });
  }

  /** Another command may use a network of the cluster for the first time just now. In the caller's transaction. */
  private refuseNewcomers({ cluster }: Membership): void {
    const newcomer = this.parts.store.networks.list().find(({ network }) => network.cluster !== undefined);
    if (newcomer === undefined) return;
    const { id, network } = newcomer;
    throw new TsdError({
      kind: "conflict",
      code: "TSD_CLUSTER_IN_USE",
      message: `network "${network.name}" of cluster "${cluster}" has come to this host meanwhile`,
      hint: "Leave again: tsd cluster leave. It names what uses the network.",
      details: { cluster, network: id },
    });
  }

  private refuseUsed(networks: readonly NetworkRow[], { cluster }: Membership): void {
    const { store } = this.parts;
    for (const { id, network } of networks) {
      const users = store.endpoints.ofNetwork(id).map((row) => endpointUser(store, row));
      if (users.length === 0) continue;
      throw new TsdError({
        kind: "conflict",
        code: "TSD_CLUSTER_IN_USE",
        message: `network "${network.name}" of cluster "${cluster}" is in use by ${users.join(", ")}`,
        hint: "Stop or remove them first.",
        details: { cluster, network: id, users },
      });
    }
  }
}

async function networkOf(
  cluster: ClusterClaims,
  name: string,
  { id, vni, subnets }: NetworkRecord,
): Promise<Omit<ClusterNetwork, "troubles">> {
  const cidrs = subnets.map(({ cidr }) => cidr);
  const { members, blocks } = await cluster.readNetwork(id, cidrs);
  const hosts = [...members].map(([host, { wireguard }]) => ({
    name: host,
    blocks: [...blocks].flatMap(([block, holder]) => (holder === host ? block : [])),
    ...(wireguard === undefined ? {} : { wireguard }),
  }));
  return { name, id, vni, subnets: cidrs, hosts };
}

interface KnownHost {
  readonly name: string;
  readonly record: HostRecord & { readonly isAlive: boolean };
  readonly membership: Membership;
  readonly networks: readonly ClusterNetwork[];
}

function hostOf({ name, record: { address, joined, epoch, isAlive }, membership, networks }: KnownHost): ClusterHost {
  return {
    ...{ name, address, joined, isAlive },
    isSelf: name === membership.host && epoch === membership.epoch,
    networks: networks.filter(({ hosts }) => hosts.some((host) => host.name === name)).map((network) => network.name),
  };
}

function isSelf(host: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_CLUSTER_SELF",
    message: `"${host}" is this host`,
    hint: "Have it leave: tsd cluster leave",
    details: { host },
  });
}
