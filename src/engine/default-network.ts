import { setTimeout as sleep } from "node:timers/promises";
import type { Networks } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import type { Parts } from "./parts.js";

/** The network of containers that name none. */
export const defaultNetworkName = "bridge";

/** Milliseconds that another command may take to make or remove the default network. */
const patience = 10_000;

export class DefaultNetwork {
  constructor(
    private readonly parts: Pick<Parts, "store" | "processes">,
    private readonly networks: Pick<Networks, "create">,
  ) {}

  /** Makes the default network, or waits while another command does: the first two containers often come at once. */
  async prepare(): Promise<string> {
    const { store, processes } = this.parts;
    const deadline = performance.now() + patience;
    for (;;) {
      const row = store.networks.list().find(({ network }) => network.name === defaultNetworkName);
      if (row === undefined) await this.create();
      // One that is still not ready then is refused by name when the endpoint is planned.
      else if (row.state === "ready" || !processes.isAlive(row.owner) || performance.now() > deadline)
        return defaultNetworkName;
      else await sleep(2);
    }
  }

  private async create(): Promise<void> {
    try {
      await this.networks.create({ name: defaultNetworkName, options: { name: "tsd0" } });
    } catch (error) {
      if (!TsdError.is(error) || error.code !== "TSD_NETWORK_EXISTS") throw error;
    }
  }
}
