import type { Network, NetworkSpec } from "../../api/index.js";
import type { NetworkRow } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { warnOfForwarding, warnOfLocalnet } from "../host-facts/forwarding-warnings.js";
import { planNetwork } from "../plan/network-plan.js";
import { parseNetwork } from "../requests/network-request.js";
import { claimShared } from "../resources/shared-resources.js";
import { undoOnFailure } from "../resources/undo-on-failure.js";
import { endpointUser } from "../rows/endpoint-user.js";
import { checkName } from "../rows/identifiers.js";
import { refuseBusy } from "../rows/refuse-busy.js";
import type { Adaptations } from "../updates/adaptations.js";
import type { Teardown } from "./teardown.js";

type LifecycleParts = Pick<
  Parts,
  "store" | "processes" | "applier" | "addressBook" | "drivers" | "host" | "warn" | "settings"
>;

/** How networks are made and removed, at a user's request or, for the default one, by the settings. */
export class NetworkLifecycle {
  constructor(
    private readonly parts: LifecycleParts,
    private readonly teardown: Teardown,
    private readonly adaptations: Pick<Adaptations, "follow">,
  ) {}

  async create(spec: NetworkSpec): Promise<Network> {
    const { store, applier } = this.parts;
    checkName("network", spec.name);
    const request = parseNetwork(this.parts.drivers, spec);
    const host = await this.parts.host();
    await this.adaptations.follow();
    const planned = store.transaction(() => planNetwork(this.parts, host, request));
    const row = await undoOnFailure(
      async () => {
        await applier.ensure(planned.row.resources);
        // It need not outlive a power cut, which resets the kernel's parameters.
        const claimed = store.unsyncedTransaction(() => claimShared(this.parts, host, planned));
        await applier.ensure(claimed.shared);
        return claimed.row;
      },
      () => this.teardown.network(planned.row),
    );
    store.transaction(() => store.networks.update({ ...row, state: "ready" }));
    await warnOfForwarding(this.parts, host, row);
    warnOfLocalnet(this.parts, host, { name: row.network.name, resources: row.resources });
    return row.network;
  }

  async remove(ref: string): Promise<Network> {
    const { store, processes } = this.parts;
    const row = store.transaction(() => {
      const found = store.networks.resolve(ref);
      // Two that take apart what several networks share would each undo what the other does.
      refuseBusy(processes, found, {
        noun: "network",
        name: found.network.name,
        states: ["creating", "changing", "deleting"],
      });
      this.refuseInUse(found);
      const deleting: NetworkRow = { ...found, state: "deleting", owner: processes.self() };
      store.networks.update(deleting);
      return deleting;
    });
    await this.teardown.network(row);
    return row.network;
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
