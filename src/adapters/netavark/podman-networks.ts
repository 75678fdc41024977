import { setTimeout as sleep } from "node:timers/promises";
import type { AttachSpec, Endpoint, Network, NetworkSpec, Tsd } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { networkName } from "./network-spec.js";
import { CONTAINER_ID, NETWORK_ID } from "./own-labels.js";
import type { PodmanNetwork } from "./podman-types.js";

/** Milliseconds to wait for other processes that make or remove the same network. */
const patience = 10_000;

/** Another process has made or removed the network since it was looked for, or is about it. */
const passing = ["TSD_NETWORK_BUSY", "TSD_NETWORK_EXISTS", "TSD_NETWORK_NOT_FOUND"];

/** A network of podman's, what tsd is to make of it, and one attachment. */
export interface Attachment {
  readonly network: PodmanNetwork;
  readonly spec: NetworkSpec;
  readonly attach: Omit<AttachSpec, "network">;
}

/**
 * The networks of tsd's that serve podman's: a network comes with its first container and goes with its last, since podman
 * does not say when it makes or removes one.
 */
export class PodmanNetworks {
  /** `exists` is of paths, namespaces' among them. */
  constructor(
    private readonly tsd: Tsd,
    private readonly exists: (path: string) => boolean,
  ) {}

  async attach(attachment: Attachment): Promise<Endpoint> {
    let deadline: number | undefined;
    for (;;) {
      try {
        return await this.attachOnce(attachment);
      } catch (error) {
        // Not before: the first use of the clock costs 1.5 ms.
        deadline ??= performance.now() + patience;
        const isPassing = TsdError.is(error) && passing.includes(error.code) && performance.now() < deadline;
        const isFreed = TsdError.is(error, "conflict") && !isPassing && (await this.detachLost(attachment)) > 0;
        if (!isPassing && !isFreed) throw error;
        await sleep(10);
      }
    }
  }

  /** Does nothing for what is not attached. */
  async detach(network: PodmanNetwork, containerId: string): Promise<void> {
    const found = this.find(network);
    if (found === undefined) return;
    for (const { endpoint } of this.tsd.networks.inspect(found.id).endpoints) {
      if (containerOf(endpoint) === containerId || this.isLost(endpoint)) await this.detachIfPresent(endpoint);
    }
    await this.removeUnused(found);
  }

  private async attachOnce({ network, spec, attach }: Attachment): Promise<Endpoint> {
    const { id } = this.find(network) ?? (await this.tsd.networks.create(spec));
    try {
      return await this.tsd.endpoints.attach({ ...attach, network: id });
    } catch (error) {
      await this.removeUnused({ id });
      throw error;
    }
  }

  /** Throws `conflict` for another network of that name. */
  private find(network: PodmanNetwork): Network | undefined {
    const name = networkName(network);
    const found = this.tsd.networks.list().find((one) => one.name === name);
    if (found === undefined || found.labels[NETWORK_ID] === network.id) return found;
    throw new TsdError({
      kind: "conflict",
      code: "TSD_NETAVARK_NAME",
      message: `network "${name}" of tsd does not serve network "${network.name}" of podman, which has the id ${network.id.slice(0, 12)}`,
      hint: `Remove it, or give podman's network another name: tsd network rm ${name}`,
      details: { name, id: found.id },
    });
  }

  /** With its last endpoint; one that is in use, or already gone, is another process's matter. */
  private async removeUnused({ id }: Pick<Network, "id">): Promise<void> {
    try {
      await this.tsd.networks.remove(id);
    } catch (error) {
      if (!TsdError.is(error, "conflict") && !TsdError.is(error, "not-found")) throw error;
    }
  }

  /**
   * Detaches what is in the way and has no user: endpoints of containers whose namespace is gone, as after podman was
   * killed, and what the same container has on the network from an earlier setup. Returns how many they were.
   */
  private async detachLost({ network, attach }: Attachment): Promise<number> {
    const id = this.find(network)?.id;
    const lost = this.tsd.endpoints.list().filter((endpoint) => {
      if (containerOf(endpoint) === undefined) return false;
      return (
        this.isLost(endpoint) || (endpoint.networkId === id && containerOf(endpoint) === attach.labels?.[CONTAINER_ID])
      );
    });
    for (const endpoint of lost) await this.detachIfPresent(endpoint);
    return lost.length;
  }

  /** A container of podman's has gone without a word. */
  private isLost(endpoint: Endpoint): boolean {
    return containerOf(endpoint) !== undefined && !this.exists(endpoint.netns);
  }

  private async detachIfPresent({ id }: Endpoint): Promise<void> {
    try {
      await this.tsd.endpoints.detach(id);
    } catch (error) {
      if (!TsdError.is(error, "not-found")) throw error;
    }
  }
}

function containerOf({ labels }: Endpoint): string | undefined {
  return labels?.[CONTAINER_ID];
}
