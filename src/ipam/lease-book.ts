import type { Pool, PoolRequest } from "../api/index.js";
import type { AddressBook, AddressRequest, LeaseTable } from "../contracts/index.js";
import { formatAddress } from "./address.js";
import { auxiliaryHolder, checkParticular, takeNext } from "./address-choice.js";
import { parseCidr } from "./cidr.js";
import { findFreePool } from "./default-pools.js";
import { type PoolPlan, planPool, planWholePool, requireSubnet, toPool } from "./pool-plan.js";
import { readTaken, refuseOverlap } from "./taken-ranges.js";

/**
 * Pools and addresses out of one table of leases. The network itself holds the leases of a pool's gateway and
 * auxiliary addresses.
 */
export class LeaseBook implements AddressBook {
  constructor(private readonly leases: LeaseTable) {}

  requestPool(request: PoolRequest): Pool {
    const { networkId } = request;
    const plan = decidePool(request);
    const pool = toPool(plan);
    const { first, last } = plan.dynamic;
    this.leases.addPool({ networkId, cidr: pool.cidr, first, last, next: first });
    this.leases.addLease(networkId, pool.cidr, plan.gateway.value, networkId);
    for (const { name, address } of plan.auxiliary) {
      this.leases.addLease(networkId, pool.cidr, address.value, auxiliaryHolder(networkId, name));
    }
    return pool;
  }

  releasePool(networkId: string): void {
    this.leases.removePools(networkId);
  }

  requestAddress(request: AddressRequest): string {
    const { networkId, cidr, address, holder } = request;
    const { family, prefix } = parseCidr(cidr, "subnet").cidr;
    const value =
      address === undefined ? takeNext(this.leases, request) : checkParticular(this.leases, request, address);
    this.leases.addLease(networkId, cidr, value, holder);
    return `${formatAddress({ family, value })}/${prefix}`;
  }

  releaseAddresses(holder: string): void {
    this.leases.returnLeases(holder);
  }
}

function decidePool(request: PoolRequest): PoolPlan {
  const obstacles = readTaken(request.taken);
  if (request.subnet === undefined) {
    requireSubnet(request);
    return planWholePool(findFreePool(request, obstacles));
  }
  const plan = planPool(request.subnet, request);
  refuseOverlap(plan.cidr, obstacles, request.allowOverlap ?? false);
  return plan;
}
