import type { Pool, PoolRequest } from "../api/index.js";
import { type Address, formatAddress } from "./address.js";
import {
  type Cidr,
  countAddresses,
  formatCidr,
  type Interval,
  intersect,
  isWithin,
  parseCidr,
  usableAddresses,
} from "./cidr.js";
import { invalidInput } from "./invalid-input.js";
import {
  type AuxiliaryAddress,
  chooseGateway,
  defaultGateway,
  parseRange,
  readAuxiliaryAddresses,
} from "./pool-parts.js";
import { findSpecialRange } from "./taken-ranges.js";

/** A pool with everything decided. */
export interface PoolPlan {
  readonly cidr: Cidr;
  readonly gateway: Address;
  readonly range?: Cidr;
  readonly auxiliary: readonly AuxiliaryAddress[];
  /** Where addresses are taken from; the gateway and auxiliary addresses may lie in it and are not for containers. */
  readonly dynamic: Interval;
}

type PoolDetails = Pick<PoolRequest, "range" | "gateway" | "auxiliary">;

/** Decides everything about a subnet that was asked for. Throws `invalid-input` for values that contradict it. */
export function planPool(subnet: string, requested: PoolDetails): PoolPlan {
  const parsed = parseCidr(subnet, "subnet");
  const { cidr } = parsed;
  refuseUnusable(cidr);
  const gateway = chooseGateway(parsed, requested.gateway);
  const range = requested.range === undefined ? undefined : parseRange(cidr, requested.range);
  const usable = usableAddresses(cidr);
  const plan: PoolPlan = {
    cidr,
    gateway,
    ...(range === undefined ? {} : { range }),
    auxiliary: readAuxiliaryAddresses(requested.auxiliary ?? {}, { cidr, gateway }),
    dynamic: range === undefined ? usable : intersect(usable, range),
  };
  if (poolSize(plan) > 0n) return plan;
  throw noneLeft(plan);
}

/** A pool that covers a whole subnet, with its first address as gateway. */
export function planWholePool(cidr: Cidr): PoolPlan {
  return { cidr, gateway: defaultGateway(cidr), auxiliary: [], dynamic: usableAddresses(cidr) };
}

/** Throws `invalid-input` for a value about a subnet that comes without the subnet. */
export function requireSubnet({ range, gateway, auxiliary = {} }: PoolDetails): void {
  const requested: readonly (readonly [what: string, value: string | undefined])[] = [
    ["range ", range],
    ["gateway ", gateway],
    ...Object.entries(auxiliary).map(([name, address]) => [`auxiliary address ${name}=`, address] as const),
  ];
  for (const [what, value] of requested) {
    if (value === undefined) continue;
    throw invalidInput("TSD_SUBNET_MISSING", {
      message: `${what}${value} was given without a subnet`,
      hint: "Give the subnet too: --subnet",
      value,
    });
  }
}

/** How many addresses a pool has for containers. */
function poolSize({ dynamic, gateway, auxiliary }: PoolPlan): bigint {
  const reserved = [gateway, ...auxiliary.map(({ address }) => address)];
  return countAddresses(dynamic) - BigInt(reserved.filter(({ value }) => isWithin(dynamic, value)).length);
}

function noneLeft({ cidr, range }: PoolPlan): Error {
  const subnet = `subnet ${formatCidr(cidr)}`;
  const pool = range === undefined ? subnet : `range ${formatCidr(range)} of ${subnet}`;
  return invalidInput(range === undefined ? "TSD_SUBNET_SMALL" : "TSD_RANGE_EMPTY", {
    message: `${pool} has no address for a container`,
    hint: "Give a wider one: the first address, the last of IPv4, the gateway and auxiliary addresses are not for containers.",
    value: formatCidr(range ?? cidr),
  });
}

/** The plan as the engine knows it. */
export function toPool({ cidr, gateway, range, auxiliary }: PoolPlan): Pool {
  return {
    cidr: formatCidr(cidr),
    gateway: formatAddress(gateway),
    ...(range === undefined ? {} : { range: formatCidr(range) }),
    ...(auxiliary.length === 0
      ? {}
      : { auxiliary: Object.fromEntries(auxiliary.map(({ name, address }) => [name, formatAddress(address)])) }),
  };
}

function refuseUnusable(cidr: Cidr): void {
  const special = findSpecialRange(cidr);
  if (special !== undefined) {
    throw invalidInput("TSD_SUBNET_SPECIAL", {
      message: `subnet ${formatCidr(cidr)} reaches into ${special}`,
      hint: "Take one of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or fd00::/8.",
      value: formatCidr(cidr),
    });
  }
  if (countAddresses(usableAddresses(cidr)) >= 2n) return;
  throw invalidInput("TSD_SUBNET_SMALL", {
    message: `subnet ${formatCidr(cidr)} has no room for a gateway and a container`,
    hint: `Use a prefix length of at most ${cidr.family === 4 ? 30 : 126}.`,
    value: formatCidr(cidr),
  });
}
