import type { Forgotten, Network, NetworkSpec, RemovalOptions } from "../../api/index.js";
import type { NetworkRecord, NetworkRow } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Notes } from "../cluster/notes.js";
import { withdrawNetwork } from "../cluster/withdrawal.js";
import type { Parts } from "../contracts/parts.js";
import { warnOfForwarding, warnOfLocalnet } from "../host-facts/forwarding-warnings.js";
import type { Proposals } from "../ipam/proposals.js";
import { planNetwork } from "../plan/network-plan.js";
import { parseNetwork } from "../requests/network-request.js";
import { claimShared } from "../resources/shared-resources.js";
import { undoOnFailure } from "../resources/undo-on-failure.js";
import { deleteNetworkNote, networkNotes, noteReturn } from "../rows/cluster-notes.js";
import { endpointUser } from "../rows/endpoint-user.js";
import { endsWithPower } from "../rows/ends-with-power.js";
import { checkName } from "../rows/identifiers.js";
import { refuseBusy } from "../rows/refuse-busy.js";
import { hasRemovalFailed } from "../rows/removal-failed.js";
import type { Adaptations } from "../updates/adaptations.js";
import type { ChainOpening } from "../updates/chain-opening.js";
import type { Teardown } from "./teardown.js";

type LifecycleParts = Pick<
  Parts,
  | ("store" | "processes" | "applier" | "addressBook" | "drivers" | "ipam" | "host" | "warn" | "settings")
  | ("membership" | "cluster" | "wireguardKeys")
>;

/** How networks are made and removed, at a user's request or, for the default one, by the settings. */
export class NetworkLifecycle {
  constructor(
    private readonly parts: LifecycleParts,
    private readonly teardown: Teardown,
    private readonly beside: {
      readonly adaptations: Pick<Adaptations, "follow">;
      readonly chainOpening: Pick<ChainOpening, "open">;
      readonly proposals: Pick<Proposals, "during">;
      readonly notes: Pick<Notes, "settle">;
    },
  ) {}

  /** `adopted`: the record of a network that the cluster has already, by which `spec` is made. */
  async create(spec: NetworkSpec, adopted?: NetworkRecord): Promise<Network> {
    const { store, applier } = this.parts;
    checkName("network", spec.name);
    const request = parseNetwork(this.parts, spec);
    const host = await this.parts.host();
    await this.beside.adaptations.follow();
    const planned = await this.beside.proposals.during((proposed) =>
      store.unsyncedTransaction(() => planNetwork(this.parts, host, { request, proposed, adopted })),
    );
    // Without a row on the disk, nothing would remove what is on it too.
    if (!planned.listed.every(endsWithPower)) store.transaction(() => store.networks.update(planned.row));
    const row = await undoOnFailure(
      async () => {
        await applier.ensure(planned.row.resources);
        // It need not outlive a power cut, which resets the kernel's parameters.
        const claimed = store.unsyncedTransaction(() => claimShared(this.parts, host, planned));
        await applier.ensure(claimed.shared);
        return claimed.row;
      },
      () => this.undo(planned.row),
    );
    store.transaction(() => {
      store.networks.update({ ...row, state: "ready" });
      deleteNetworkNote(store, row.id);
    });
    if (spec.opensChains) await this.beside.chainOpening.open();
    await warnOfForwarding(this.parts, host, row);
    warnOfLocalnet(this.parts, host, { name: row.network.name, resources: row.resources });
    return row.network;
  }

  /** What was claimed for it goes back once nothing of it is left here. */
  private async undo(row: NetworkRow): Promise<void> {
    await this.teardown.network(row);
    await this.beside.notes.settle(networkNotes(this.parts.store, row.id));
  }

  async remove(ref: string, options: RemovalOptions = {}): Promise<Network & Forgotten> {
    const { store, processes } = this.parts;
    if (options.force !== true) await this.requirePlugins(store.networks.resolve(ref));
    const { found: before, row } = store.transaction(() => {
      const found = store.networks.resolve(ref);
      // Two that take apart what several networks share would each undo what the other does.
      if (!hasRemovalFailed(processes, found)) {
        refuseBusy(processes, found, {
          noun: "network",
          name: found.network.name,
          states: ["creating", "changing", "deleting"],
        });
      }
      this.refuseInUse(found);
      return { found, row: this.begin(found, true) };
    });
    const isWithdrawn = await this.withdraw(before, options);
    const { teardown, outcome } = this.teardown.forRequest(options);
    await teardown.network(row);
    if (isWithdrawn) store.transaction(() => deleteNetworkNote(store, row.id));
    return { ...row.network, ...outcome() };
  }

  /** Removes it here alone; throws `conflict` naming its users. The caller gives up what the cluster has of it for this host. */
  async leave(id: string): Promise<void> {
    const { store } = this.parts;
    const row = store.transaction(() => {
      const found = store.networks.resolve(id);
      this.refuseInUse(found);
      return this.begin(found, false);
    });
    await this.teardown.network(row);
  }

  /** In the caller's transaction. `goes`: everywhere, for one that spans hosts. */
  private begin(row: NetworkRow, goes: boolean): NetworkRow {
    const { store, processes } = this.parts;
    const owner = processes.self();
    const { id, name, cluster } = row.network;
    const deleting: NetworkRow = { ...row, state: "deleting", owner };
    store.networks.update(deleting);
    if (cluster !== undefined) noteReturn(store, { of: "network", id, name, goes }, { owner });
    return deleting;
  }

  /** Returns false where that is left to later commands, by the note of it. */
  private async withdraw(row: NetworkRow, { force = false }: RemovalOptions): Promise<boolean> {
    const { store, membership } = this.parts;
    const member = membership();
    if (row.network.cluster === undefined || member === undefined) return true;
    try {
      const self = { name: member.host, epoch: member.epoch };
      await withdrawNetwork(await this.parts.cluster(), row, self);
      return true;
    } catch (error) {
      if (force && !TsdError.is(error, "conflict")) return false;
      store.transaction(() => {
        store.networks.update(row);
        deleteNetworkNote(store, row.id);
      });
      throw error;
    }
  }

  /** Before anything is removed, so that a network whose plug-in is to come back stays whole. */
  private async requirePlugins({ network, resources, leaving = [] }: NetworkRow): Promise<void> {
    const missing = await this.parts.applier.missingKinds([...resources, ...leaving]);
    if (missing.length === 0) return;
    const { name, extension } = network;
    const plugin = extension === undefined ? "a plug-in" : `plug-in "${extension}"`;
    throw new TsdError({
      kind: "plugin",
      code: "TSD_NETWORK_STUCK",
      message: `network "${name}" has ${missing.join(", ")}, which only ${plugin} removes, and that is not there`,
      hint: `Install it (tsd plugin add ${extension ?? "PACKAGE"}), or give up what it made: tsd network rm --force ${name}`,
      details: { network: name, kinds: missing, ...(extension === undefined ? {} : { plugin: extension }) },
    });
  }

  private refuseInUse({ id, network }: NetworkRow): void {
    const users = this.parts.store.endpoints.ofNetwork(id).map((row) => endpointUser(this.parts.store, row));
    if (users.length === 0) return;
    throw new TsdError({
      kind: "conflict",
      code: "TSD_NETWORK_IN_USE",
      message: `network "${network.name}" is in use by ${users.join(", ")}`,
      hint: "Stop or remove them first.",
      details: { network: id, users },
    });
  }
}
