import type { Pool, PoolRequest } from "../api/index.js";
import type { AddressBook, AddressRequest, LeaseTable, PoolLimit } from "../contracts/index.js";
import { formatAddress, parseAddress } from "./address.js";
import { auxiliaryHolder, checkParticular, takeNext } from "./address-choice.js";
import { intersect, parseCidr, usableAddresses } from "./cidr.js";
import { findFreePool } from "./default-pools.js";
import { type PoolPlan, planPool, planWholePool, requireSubnet, toPool } from "./pool-plan.js";
import { planProposedPool, refuseOtherAddress } from "./proposed-pool.js";
import { readTaken, refuseOverlap } from "./taken-ranges.js";

/**
 * Pools and addresses out of one table of leases. The network itself holds the leases of a pool's gateway and
 * auxiliary addresses.
 */
export class LeaseBook implements AddressBook {
  constructor(private readonly leases: LeaseTable) {}

  requestPool(request: PoolRequest, proposed?: Pool): Pool {
    const { networkId } = request;
    const plan = decidePool(request, proposed);
    const pool = toPool(plan);
    const { first, last } = plan.dynamic;
    this.leases.addPool({ networkId, cidr: pool.cidr, ranges: [{ first, last, next: first }] });
    this.leases.addLease(networkId, pool.cidr, plan.gateway.value, networkId);
    for (const { name, address } of plan.auxiliary) {
      this.leases.addLease(networkId, pool.cidr, address.value, auxiliaryHolder(networkId, name));
    }
    return pool;
  }

  limitPool({ networkId, cidr: subnet, blocks, reserved }: PoolLimit): void {
    const usable = usableAddresses(parseCidr(subnet, "subnet").cidr);
    const ranges = blocks.map((block) => intersect(usable, parseCidr(block, "block").cidr));
    this.leases.setRanges(
      networkId,
      subnet,
      ranges.map(({ first, last }) => ({ first, last, next: first })),
    );
    for (const { what, address } of reserved) {
      const { value } = parseAddress(address, "address");
      if (this.leases.lease(networkId, subnet, value)?.holder !== undefined) continue;
      this.leases.addLease(networkId, subnet, value, auxiliaryHolder(networkId, what));
    }
  }

  releasePool(networkId: string): void {
    this.leases.removePools(networkId);
  }

  requestAddress(request: AddressRequest): string {
    const { networkId, cidr, address, holder, proposed } = request;
    const { family, prefix } = parseCidr(cidr, "subnet").cidr;
    if (address !== undefined && proposed !== undefined) refuseOtherAddress(address, proposed);
    const particular = proposed ?? address;
    const value =
      particular === undefined ? takeNext(this.leases, request) : checkParticular(this.leases, request, particular);
    this.leases.addLease(networkId, cidr, value, holder);
    return `${formatAddress({ family, value })}/${prefix}`;
  }

  holder({ networkId, cidr, address }: Required<Pick<AddressRequest, "networkId" | "cidr" | "address">>) {
    const { value } = parseAddress(address, "address");
    return this.leases.lease(networkId, cidr, value)?.holder;
  }

  releaseAddresses(holder: string): void {
    this.leases.returnLeases(holder);
  }

  held(networkId: string, cidr: string): readonly { readonly address: string; readonly holder: string }[] {
    const { family } = parseCidr(cidr, "subnet").cidr;
    return this.leases
      .held(networkId, cidr)
      .map(({ address, holder }) => ({ address: formatAddress({ family, value: address }), holder }));
  }
}

function decidePool(request: PoolRequest, proposed: Pool | undefined): PoolPlan {
  const obstacles = readTaken(request.taken);
  if (proposed !== undefined) {
    const plan = planProposedPool(request, proposed);
    refuseOverlap(plan.cidr, obstacles, request.allowOverlap ?? false);
    return plan;
  }
  if (request.subnet === undefined) {
    requireSubnet(request);
    return planWholePool(findFreePool(request, obstacles));
  }
  const plan = planPool(request.subnet, request);
  refuseOverlap(plan.cidr, obstacles, request.allowOverlap ?? false);
  return plan;
}
