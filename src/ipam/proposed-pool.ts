import type { Pool, PoolRequest } from "../api/index.js";
import { formatAddress, parseAddress } from "./address.js";
import { formatCidr, parseCidr } from "./cidr.js";
import { invalidInput } from "./invalid-input.js";
import { type PoolPlan, planPool } from "./pool-plan.js";

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
