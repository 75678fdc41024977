import { setTimeout as sleep } from "node:timers/promises";
import { familyOf } from "../../api/address-family.js";
import type { Network, NetworkAttachment, NetworkSpec, SharedNetwork } from "../../api/index.js";
import { monotonicTime } from "../../contracts/clock.js";
import type { NetworkRecord, NetworkRow } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { isMode } from "../requests/network-mode.js";
import { defaultNetworkName } from "../requests/predefined-networks.js";
import { networkIdOf } from "../rows/network-id.js";
import type { NetworkLifecycle } from "./network-lifecycle.js";

/** Milliseconds that another command may take for the first use of a network here. */
const patience = 10_000;

/** Networks of the cluster that this host has not used yet: they come with their first use. */
export class ClusterNetworks {
  constructor(
    private readonly parts: Pick<Parts, "store" | "processes" | "drivers" | "membership" | "cluster">,
    private readonly lifecycle: Pick<NetworkLifecycle, "create">,
  ) {}

  /** The same for all that a container or an endpoint is to be on. */
  async prepareForAll(attachments: readonly Pick<NetworkAttachment, "network">[] = []): Promise<void> {
    if (this.parts.membership() === undefined) return;
    for (const ref of new Set(attachments.map(({ network }) => network))) await this.prepareFor(ref);
  }

  /** Has the network here that `ref` names, if the cluster has it. Costs nothing where this host has it, or is in no cluster. */
  async prepareFor(ref: string): Promise<void> {
    const membership = this.parts.membership();
    if (membership === undefined || this.isPredefined(ref) || (await this.isHere(ref))) return;
    const record = await (await this.parts.cluster()).network(ref);
    if (record === undefined) return;
    try {
      await this.lifecycle.create(specOf(ref, record), record);
    } catch (error) {
      if (!TsdError.is(error, "conflict")) throw error;
      // Another command was faster.
      if (error.code !== "TSD_NETWORK_EXISTS") throw refusedHere(error, ref, membership.host);
      await this.isHere(ref);
    }
  }

  /** What the cluster has under that name; undefined for nothing, and where this host is in no cluster. */
  async find(name: string): Promise<SharedNetwork | undefined> {
    if (this.parts.membership() === undefined) return undefined;
    const record = await (await this.parts.cluster()).network(name);
    if (record === undefined) return undefined;
    const { vni, subnets, ...network } = record;
    return { ...network, name, subnets: subnets.map(({ cidr, gateway }) => ({ cidr, gateway })), cluster: { vni } };
  }

  private isPredefined(ref: string): boolean {
    return ref === defaultNetworkName || isMode(this.parts.drivers, ref);
  }

  /** Waits while another command makes it; one that is still not ready then is refused by name when it is used. */
  private async isHere(ref: string): Promise<boolean> {
    const { store, processes } = this.parts;
    if (networkIdOf(store, ref) === undefined) return false;
    const deadline = monotonicTime() + patience;
    const isComing = (row: NetworkRow | undefined): boolean =>
      row?.network.cluster !== undefined && row.state === "creating" && processes.isAlive(row.owner);
    while (isComing(store.networks.named(ref)) && monotonicTime() < deadline) await sleep(5);
    return networkIdOf(store, ref) !== undefined;
  }
}

function specOf(
  name: string,
  { driver, subnets, options, labels, internal, dns, disableDns }: NetworkRecord,
): NetworkSpec {
  return {
    ...{ name, driver, options, labels },
    subnets: subnets.map(({ cidr }) => cidr),
    gateways: subnets.map(({ gateway }) => gateway),
    ipv4: subnets.some(({ cidr }) => familyOf(cidr) === 4),
    ...(internal ? { internal } : {}),
    ...(dns === undefined ? {} : { dns }),
    ...(disableDns ? { disableDns } : {}),
  };
}

/** Subnets of the cluster are the same on all hosts, and one of them may have other uses for the addresses. */
function refusedHere(refusal: TsdError, network: Network["name"], host: string): TsdError {
  if (refusal.code !== "TSD_SUBNET_ON_HOST" && refusal.code !== "TSD_SUBNET_OVERLAP") return refusal;
  return new TsdError({
    kind: "conflict",
    code: "TSD_CLUSTER_SUBNET_HERE",
    message: `network "${network}" cannot be used on host "${host}": ${refusal.message}`,
    hint: "Remove that from this host, or create the network again with another subnet, which is the same on all hosts.",
    details: { network, host, ...refusal.details },
    cause: refusal,
  });
}
