import type { Pool, PoolRequest } from "../api/index.js";
import { formatAddress, parseAddress } from "./address.js";
import { type Cidr, formatCidr, parseCidr } from "./cidr.js";
import { invalidInput } from "./invalid-input.js";
import { type PoolPlan, planPool } from "./pool-plan.js";
import { findLinkLocalRange } from "./taken-ranges.js";

/** The shortest prefix of a pool that nobody asked for: whatever lies in it, the host reaches no more. */
const shortest = { 4: 8, 6: 16 } as const;

/**
 * Decides everything about a pool that an IPAM driver proposes for a request. A range and auxiliary addresses that were asked
 * for hold, whatever the driver says of them. Throws `invalid-input` for one that is malformed, or not what was asked for.
 */
export function planProposedPool(request: PoolRequest, { cidr, gateway, range, auxiliary }: Pool): PoolPlan {
  const wantedRange = request.range ?? range;
  const plan = planPool(cidr, {
    gateway,
    ...(wantedRange === undefined ? {} : { range: wantedRange }),
    auxiliary: { ...auxiliary, ...request.auxiliary },
  });
  const { family = 4 } = request;
  if (plan.cidr.family !== family) {
    throw otherThanAsked(`subnet ${formatCidr(plan.cidr)} is of IPv${plan.cidr.family}`, `IPv${family}`);
  }
  const asked = wantedPlaces(request);
  if (asked.subnet === undefined) refuseExcessive(plan.cidr);
  if (asked.subnet !== undefined && asked.subnet !== formatCidr(plan.cidr)) {
    throw otherThanAsked(`subnet ${formatCidr(plan.cidr)} came`, asked.subnet);
  }
  if (asked.gateway !== undefined && asked.gateway !== formatAddress(plan.gateway)) {
    throw otherThanAsked(`gateway ${formatAddress(plan.gateway)} came`, asked.gateway);
  }
  return plan;
}

/** Throws `invalid-input` where the address that an IPAM driver proposes is not the one that was asked for. */
export function refuseOtherAddress(asked: string, proposed: string): void {
  const [wanted, given] = [parseAddress(asked, "address"), parseAddress(proposed, "address")];
  if (wanted.family === given.family && wanted.value === given.value) return;
  throw otherThanAsked(`address ${formatAddress(given)} came`, formatAddress(wanted));
}

/** A user may ask for any subnet; a driver may not take half of the Internet from the host, or its link-local services. */
function refuseExcessive(cidr: Cidr): void {
  const range = findLinkLocalRange(cidr);
  const least = shortest[cidr.family];
  if (range === undefined && cidr.prefix >= least) return;
  throw invalidInput("TSD_SUBNET_EXCESSIVE", {
    message:
      range === undefined
        ? `subnet ${formatCidr(cidr)} is wider than the widest that a driver may choose, which is a /${least}`
        : `subnet ${formatCidr(cidr)} reaches into ${range}`,
    hint: "Name a subnet with --subnet.",
    value: formatCidr(cidr),
  });
}

/** In the one form of each. */
function wantedPlaces({ subnet, gateway }: PoolRequest): { readonly subnet?: string; readonly gateway?: string } {
  if (subnet === undefined) return {};
  const { cidr, address } = parseCidr(subnet, "subnet");
  const named = gateway === undefined ? address : parseAddress(gateway, "gateway");
  const isNamed = gateway !== undefined || address.value !== cidr.first;
  return { subnet: formatCidr(cidr), ...(isNamed ? { gateway: formatAddress(named) } : {}) };
}

function otherThanAsked(what: string, asked: string): Error {
  return invalidInput("TSD_IPAM_OTHER", {
    message: `${what} where ${asked} was asked for`,
    hint: "Ask for another one, or for none.",
    value: asked,
  });
}
