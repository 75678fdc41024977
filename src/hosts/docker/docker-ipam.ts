import { createHash } from "node:crypto";
import type { AddressProposal, IpamDriver, Pool, PoolProposal } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { bare, isCidr, overlap } from "./addresses.js";
import { fieldOf } from "./fields.js";
import { type GivenPool, IpamCalls } from "./ipam-calls.js";
import { type LeasesRecord, leasesIn, type PoolsRecord, poolsIn } from "./ipam-records.js";
import { PluginClient } from "./plugin-client.js";

const GATEWAY = { RequestAddressType: "com.docker.network.gateway" };
const MAC = "com.docker.network.endpoint.macaddress";
/** How many pools a plug-in may propose that are in the way of something. */
const MOST_POOLS = 64;
const noPools: PoolsRecord = { requiresMac: false, pools: [] };
const noLeases: LeasesRecord = { leases: [] };

/**
 * A docker plug-in's addresses, in dockerd's order of calls. Records hold what it gave, since tsd gives back by holder and a
 * plug-in takes back by pool. What it gave in the moment that tsd died has no record, and only the plug-in knows of it.
 */
export class DockerIpam implements Omit<IpamDriver, "name" | "parseOptions"> {
  private readonly pools: ReturnType<typeof poolsIn>;
  private readonly leases: ReturnType<typeof leasesIn>;
  private readonly calls: IpamCalls;

  constructor(
    private readonly plugin: string,
    directory: string,
    client = new PluginClient(plugin),
  ) {
    this.pools = poolsIn(directory);
    this.leases = leasesIn(directory);
    this.calls = new IpamCalls(client);
  }

  /** As dockerd, it asks again while the pool is in the way of something, and gives back the others in the end. */
  async proposePool(proposal: PoolProposal): Promise<Pool> {
    const { networkId, subnet, taken } = proposal;
    const requiresMac = this.pools.read(networkId, noPools)?.requiresMac ?? (await this.calls.requiresMac());
    const space = await this.calls.addressSpace();
    const refused: GivenPool[] = [];
    for (;;) {
      const pool = await this.calls.requestPool(space, proposal);
      this.keepPool(networkId, requiresMac, pool);
      const inTheWay = subnet === undefined ? taken.find(({ cidr }) => overlap(cidr, pool.cidr)) : undefined;
      if (inTheWay === undefined) {
        for (const { id } of refused) await this.dropPool(networkId, id);
        return this.furnish(proposal, pool);
      }
      refused.push(pool);
      if (refused.length === MOST_POOLS) throw noFreePool(this.plugin, pool.cidr, inTheWay.owner);
    }
  }

  async releasePool({ networkId }: Pick<PoolProposal, "networkId">): Promise<void> {
    const record = this.pools.read(networkId, noPools);
    if (record === undefined) return;
    for (const { id, addresses } of record.pools) {
      for (const address of addresses) await this.calls.releaseAddress(id, address);
      await this.calls.releasePool(id);
    }
    this.pools.remove(networkId);
  }

  async proposeAddress(proposal: AddressProposal): Promise<string> {
    const { networkId, holder, pool, address = "" } = proposal;
    const record = this.pools.read(networkId, noPools) ?? noPools;
    const known = record.pools.find(({ cidr }) => cidr === pool.cidr);
    if (known === undefined) throw unknownPool(this.plugin, pool.cidr);
    const { leases, mac: former } = this.leases.read(holder, noLeases) ?? noLeases;
    const mac = record.requiresMac ? (proposal.mac ?? former ?? macOf(proposal)) : undefined;
    const found = await this.calls.requestAddress(known, address, mac === undefined ? {} : { [MAC]: mac });
    const kept = { leases: [...leases, { pool: known.id, address: found }] };
    this.leases.write(holder, mac === undefined ? kept : { ...kept, mac });
    return found;
  }

  async releaseAddress({ holder }: Pick<AddressProposal, "holder">): Promise<void> {
    const record = this.leases.read(holder, noLeases);
    if (record === undefined) return;
    for (const { pool, address } of record.leases) await this.calls.releaseAddress(pool, address);
    this.leases.remove(holder);
  }

  /** Requests the gateway, unless the plug-in has named it and the user has not, and what no container gets. */
  private async furnish(proposal: PoolProposal, pool: GivenPool): Promise<Pool> {
    const { networkId, gateway = "", auxiliary, range } = proposal;
    const request = async (address: string, options: Readonly<Record<string, string>>): Promise<string> => {
      const found = await this.calls.requestAddress(pool, address, options);
      this.keepAddress(networkId, pool.id, found);
      return found;
    };
    const named = fieldOf(pool.data, "com.docker.network.gateway");
    const isNamed = gateway === "" && typeof named === "string" && isCidr(named);
    const chosen = isNamed ? bare(named) : await request(gateway, GATEWAY);
    const kept: Record<string, string> = {};
    for (const [name, address] of Object.entries(auxiliary ?? {})) kept[name] = await request(address, {});
    return {
      cidr: pool.cidr,
      gateway: chosen,
      ...(range === undefined ? {} : { range }),
      ...(auxiliary === undefined ? {} : { auxiliary: kept }),
    };
  }

  private keepPool(networkId: string, requiresMac: boolean, { id, cidr }: GivenPool): void {
    const { pools } = this.pools.read(networkId, noPools) ?? noPools;
    this.pools.write(networkId, { requiresMac, pools: [...pools, { id, cidr, addresses: [] }] });
  }

  private async dropPool(networkId: string, id: string): Promise<void> {
    await this.calls.releasePool(id);
    this.change(networkId, (pools) => pools.filter((one) => one.id !== id));
  }

  private keepAddress(networkId: string, id: string, address: string): void {
    this.change(networkId, (pools) =>
      pools.map((one) => (one.id === id ? { ...one, addresses: [...one.addresses, address] } : one)),
    );
  }

  private change(networkId: string, to: (pools: PoolsRecord["pools"]) => PoolsRecord["pools"]): void {
    const record = this.pools.read(networkId, noPools) ?? noPools;
    this.pools.write(networkId, { ...record, pools: to(record.pools) });
  }
}

/** Locally administered, as tsd's others, and the same for each call. */
function macOf({ networkId, holder }: AddressProposal): string {
  const digits = createHash("sha256").update(`${networkId} ${holder}`).digest("hex");
  return `02:42:${digits.slice(0, 8).replace(/(..)(?=.)/g, "$1:")}`;
}

function noFreePool(plugin: string, cidr: string, owner: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_DOCKER_POOL_CONFLICT",
    message: `docker plug-in "${plugin}" proposed ${MOST_POOLS} pools that overlap others, the last of them ${cidr}, which overlaps ${owner}`,
    hint: "Name a subnet with --subnet.",
    details: { plugin, cidr, owner },
  });
}

function unknownPool(plugin: string, cidr: string): TsdError {
  return new TsdError({
    kind: "plugin",
    code: "TSD_DOCKER_POOL_UNKNOWN",
    message: `tsd has no record of pool ${cidr} from docker plug-in "${plugin}"`,
    hint: "Remove the network and make it again.",
    details: { plugin, cidr },
  });
}
