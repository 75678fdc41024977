import type { Pool, PoolRequest } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { type Address, formatAddress, parseAddress } from "./address.js";
import {
  type Cidr,
  contains,
  countAddresses,
  formatCidr,
  type Interval,
  intersect,
  isWithin,
  type ParsedCidr,
  parseCidr,
} from "./cidr.js";
import { findSpecialRange } from "./special-ranges.js";
import { explainUnusable, usableAddresses } from "./usable-addresses.js";

/** A pool with everything decided. */
export interface PoolPlan {
  readonly cidr: Cidr;
  readonly gateway: Address;
  readonly range?: Cidr;
  /** Where addresses are taken from; the gateway may lie in it and is not for containers. */
  readonly dynamic: Interval;
}

type PoolWishes = Pick<PoolRequest, "range" | "gateway">;

/** Decides gateway and range of a subnet that was asked for. Throws `invalid-input` for wishes that contradict it. */
export function planPool(subnet: string, wishes: PoolWishes): PoolPlan {
  const parsed = parseCidr(subnet, "subnet");
  const { cidr } = parsed;
  refuseUnusable(cidr);
  const gateway = chooseGateway(parsed, wishes.gateway);
  const range = wishes.range === undefined ? undefined : parseRange(cidr, wishes.range);
  const usable = usableAddresses(cidr);
  const plan = { cidr, gateway, dynamic: range === undefined ? usable : intersect(usable, range) };
  if (range === undefined) return plan;
  if (poolSize(plan) > 0n) return { ...plan, range };
  throw invalid("TSD_RANGE_EMPTY", {
    message: `range ${formatCidr(range)} of subnet ${formatCidr(cidr)} has no address for a container`,
    hint: "Give a wider range: the first and last address of the subnet and the gateway are not for containers.",
    value: wishes.range,
  });
}

/** A pool that covers a whole subnet, with its first address as gateway. */
export function planWholePool(cidr: Cidr): PoolPlan {
  const dynamic = usableAddresses(cidr);
  return { cidr, gateway: { family: cidr.family, value: dynamic.first }, dynamic };
}

/** Throws `invalid-input` for a gateway or a range that comes without the subnet it is in. */
export function refuseOrphanWishes({ range, gateway }: PoolWishes): void {
  const wish = range === undefined ? gateway : range;
  if (wish === undefined) return;
  throw invalid("TSD_SUBNET_MISSING", {
    message: `${range === undefined ? "gateway" : "range"} ${wish} was given without a subnet`,
    hint: "Give the subnet too: --subnet",
    value: wish,
  });
}

/** How many addresses a pool has for containers. */
function poolSize({ dynamic, gateway }: Pick<PoolPlan, "dynamic" | "gateway">): bigint {
  return countAddresses(dynamic) - (isWithin(dynamic, gateway.value) ? 1n : 0n);
}

/** The plan as the engine knows it. */
export function toPool({ cidr, gateway, range }: PoolPlan): Pool {
  return {
    cidr: formatCidr(cidr),
    gateway: formatAddress(gateway),
    ...(range === undefined ? {} : { range: formatCidr(range) }),
  };
}

function refuseUnusable(cidr: Cidr): void {
  const special = findSpecialRange(cidr);
  if (special !== undefined) {
    throw invalid("TSD_SUBNET_SPECIAL", {
      message: `subnet ${formatCidr(cidr)} reaches into ${special}`,
      hint: "Take one of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or fd00::/8.",
      value: formatCidr(cidr),
    });
  }
  if (countAddresses(usableAddresses(cidr)) >= 2n) return;
  throw invalid("TSD_SUBNET_SMALL", {
    message: `subnet ${formatCidr(cidr)} has no room for a gateway and a container`,
    hint: `Use a prefix length of at most ${cidr.family === 4 ? 30 : 126}.`,
    value: formatCidr(cidr),
  });
}

function chooseGateway({ cidr, address }: ParsedCidr, wish: string | undefined): Address {
  const inSubnet = address.value === cidr.first ? undefined : address;
  const asked = wish === undefined ? undefined : parseAddress(wish, "gateway");
  if (inSubnet !== undefined && asked !== undefined && inSubnet.value !== asked.value) {
    throw invalid("TSD_GATEWAY_TWICE", {
      message: `two gateways were given: ${formatAddress(inSubnet)} with the subnet, and ${formatAddress(asked)}`,
      hint: `Leave one out; the subnet without it is ${formatCidr(cidr)}.`,
      value: wish,
    });
  }
  const gateway = asked ?? inSubnet ?? planWholePool(cidr).gateway;
  const why = explainUnusable(cidr, gateway);
  if (why === undefined) return gateway;
  throw invalid("TSD_GATEWAY_INVALID", {
    message: `gateway ${formatAddress(gateway)} is ${why} subnet ${formatCidr(cidr)}`,
    hint: `Give an address inside it, such as ${formatAddress(planWholePool(cidr).gateway)}.`,
    value: formatAddress(gateway),
  });
}

function parseRange(subnet: Cidr, text: string): Cidr {
  const { cidr, address } = parseCidr(text, "range");
  if (address.value !== cidr.first) {
    throw invalid("TSD_RANGE_INVALID", {
      message: `range ${text} has host bits set`,
      hint: `Write ${formatCidr(cidr)}.`,
      value: text,
    });
  }
  if (contains(subnet, cidr)) return cidr;
  throw invalid("TSD_RANGE_OUTSIDE", {
    message: `range ${formatCidr(cidr)} is outside subnet ${formatCidr(subnet)}`,
    hint: "Give a part of the subnet, or leave the range out.",
    value: text,
  });
}

interface Refusal {
  readonly message: string;
  readonly hint: string;
  readonly value: string | undefined;
}

function invalid(code: string, { message, hint, value }: Refusal): TsdError {
  return new TsdError({ kind: "invalid-input", code, message, hint, details: { value } });
}
