import { setTimeout as sleep } from "node:timers/promises";
import type { Endpoint, EndpointRow } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { requireDriver } from "./drivers.js";
import { sameOwner } from "./host.js";
import { shortId } from "./identifiers.js";
import type { Parts } from "./parts.js";
import { sameList, without } from "./resource-lists.js";
import { undoOnFailure } from "./undo-on-failure.js";

/** What can change of an endpoint while it is in use. */
export type EndpointChange = Partial<Pick<Endpoint, "ports" | "links">>;

type AlterationParts = Pick<Parts, "store" | "processes" | "reconciler" | "drivers">;

/** Milliseconds to wait for another command that changes the same endpoint. */
const patience = 10_000;

/**
 * Changes of an endpoint that is in use. The row becomes `changing` and lists both what it shall have and what it had,
 * before the kernel is touched, so that a change cut short is completed by the next command.
 */
export class Alterations {
  constructor(private readonly parts: AlterationParts) {}

  /**
   * Carries out what `decide` answers for the endpoint as it is now; undefined, and nothing happens, where it is gone or
   * `decide` wants no change. A change that fails is taken back.
   */
  async endpoint(
    id: string,
    decide: (row: EndpointRow) => EndpointChange | undefined,
  ): Promise<EndpointRow | undefined> {
    const { store } = this.parts;
    const begun = await this.whenReady(id, () =>
      store.transaction(() => {
        const row = store.endpoints.get(id);
        if (row?.state !== "ready") return row?.state;
        if (this.isEnding(row)) return undefined;
        const change = decide(row);
        return change === undefined ? undefined : { before: row, after: this.begin(row, change) };
      }),
    );
    if (begun === undefined) return undefined;
    const { before, after } = begun;
    await undoOnFailure(
      () => this.complete(after),
      () => this.complete(store.transaction(() => this.begin(after, before.endpoint))),
    );
    return after;
  }

  /** Brings an endpoint into line with its network, which has changed. */
  async followNetwork(id: string): Promise<void> {
    const { store, drivers } = this.parts;
    await this.endpoint(id, ({ endpoint, resources }) => {
      const { network } = store.networks.resolve(endpoint.networkId);
      return sameList(requireDriver(drivers, network.driver).endpoint(network, endpoint), resources) ? undefined : {};
    });
  }

  /** What a container that ends has is about to go. */
  private isEnding({ containerId }: EndpointRow): boolean {
    const container = this.parts.store.containers.get(containerId ?? "")?.container;
    return container?.status === "stopping";
  }

  /** Writes the change down, in the caller's transaction, which has claimed new ports; {@link complete} carries it out. */
  begin(row: EndpointRow, change: EndpointChange): EndpointRow {
    const { store, processes, drivers } = this.parts;
    const { network } = store.networks.resolve(row.endpoint.networkId);
    const endpoint: Endpoint = { ...row.endpoint, ...change };
    const resources = requireDriver(drivers, network.driver).endpoint(network, endpoint);
    const leaving = without([...row.resources, ...(row.leaving ?? [])], resources);
    const changing: EndpointRow = { ...row, endpoint, resources, leaving, state: "changing", owner: processes.self() };
    store.endpoints.update(changing);
    return changing;
  }

  /** Brings the kernel into line with a row that this process began to change, or that a dead one did. */
  async complete(row: EndpointRow): Promise<void> {
    const { store, processes, reconciler } = this.parts;
    const current = store.transaction(() => {
      const found = store.endpoints.get(row.id);
      if (found?.state !== "changing" || !sameOwner(found.owner, row.owner)) return undefined;
      const mine: EndpointRow = { ...found, owner: processes.self() };
      store.endpoints.update(mine);
      return mine;
    });
    if (current === undefined) return;
    // After a boot of the machine there is nothing left to bring into line.
    if (row.owner.bootId === processes.self().bootId) {
      await reconciler.remove(current.leaving ?? []);
      await reconciler.ensure(current.resources);
    }
    store.transaction(() => {
      const { leaving: _leaving, ...rest } = current;
      store.endpoints.retainPorts(row.id, current.endpoint.ports);
      store.endpoints.update({ ...rest, state: "ready" });
    });
  }

  /** Tries until the row is ready, or gone, or going. Throws `conflict` naming the process that holds it for too long. */
  private async whenReady<T>(
    id: string,
    attempt: () => T | EndpointRow["state"] | undefined,
  ): Promise<Exclude<T, string> | undefined> {
    const deadline = performance.now() + patience;
    for (;;) {
      const outcome = attempt();
      if (outcome === undefined || outcome === "creating" || outcome === "deleting") return undefined;
      if (typeof outcome !== "string") return outcome as Exclude<T, string>;
      if (performance.now() > deadline) throw this.busy(id);
      await sleep(5);
    }
  }

  private busy(id: string): TsdError {
    const pid = this.parts.store.endpoints.get(id)?.owner.pid;
    return new TsdError({
      kind: "conflict",
      code: "TSD_ENDPOINT_BUSY",
      message: `endpoint ${shortId(id)} is being changed by process ${pid ?? "unknown"}`,
      hint: "Try again when that command has ended.",
      details: { endpoint: id, pid },
    });
  }
}
