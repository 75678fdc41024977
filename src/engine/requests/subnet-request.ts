import { familyOf } from "../../api/address-family.js";
import type { NetworkSpec, PoolRequest } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";

/** What is asked of a network's subnet of one family. Without `subnet`: any free one. */
export interface SubnetRequest extends Pick<PoolRequest, "subnet" | "gateway" | "range" | "auxiliary"> {
  readonly family: 4 | 6;
}

type Spec = Pick<NetworkSpec, "subnets" | "gateways" | "ranges" | "auxiliary" | "ipv4" | "ipv6">;

/**
 * Sorts what was asked of a network's subnets by family, IPv4 first. A family has one subnet at most, so that a gateway,
 * range or auxiliary address belongs to the one of its family; whether it lies inside, and whether anything is well-formed,
 * is for the address management to say. Throws `invalid-input` for values that contradict each other.
 */
export function subnetRequests(spec: Spec): readonly SubnetRequest[] {
  const families = familiesOf(spec);
  refuseWithoutSubnet(spec);
  return families.map((family) => requestOf(spec, family));
}

/** As docker: IPv4 unless it is refused, whichever subnets are given; IPv6 where it is asked for, if only by a subnet. */
function familiesOf({ subnets = [], ipv4 = true, ipv6 }: Spec): readonly (4 | 6)[] {
  const refused = subnets.find((subnet) => (familyOf(subnet) === 4 ? !ipv4 : ipv6 === false));
  if (refused !== undefined) {
    const family = familyOf(refused);
    throw invalid("TSD_SUBNET_FAMILY", {
      message: `subnet ${refused} was given for a network without IPv${family}`,
      hint: `Leave out the subnet, or --ipv${family}=false.`,
      value: refused,
    });
  }
  const hasIpv6 = ipv6 ?? subnets.some((subnet) => familyOf(subnet) === 6);
  if (ipv4) return hasIpv6 ? [4, 6] : [4];
  if (hasIpv6) return [6];
  throw invalid("TSD_NETWORK_NO_FAMILY", {
    message: "the network would have neither IPv4 nor IPv6",
    hint: "Add --ipv6, or leave out --ipv4=false.",
    value: false,
  });
}

/** A value of a family without a given subnet. */
function refuseWithoutSubnet({ subnets = [], gateways = [], ranges = [], auxiliary = {} }: Spec): void {
  const requested = [
    ...gateways.map((gateway) => ({ what: `gateway ${gateway}`, value: gateway })),
    ...ranges.map((range) => ({ what: `range ${range}`, value: range })),
    ...Object.entries(auxiliary).map(([name, value]) => ({ what: `auxiliary address ${name}=${value}`, value })),
  ];
  const misplaced = requested.find(({ value }) => !subnets.some((subnet) => familyOf(subnet) === familyOf(value)));
  if (misplaced === undefined) return;
  const { what, value } = misplaced;
  throw subnets.length === 0
    ? invalid("TSD_SUBNET_MISSING", {
        message: `${what} was given without a subnet`,
        hint: "Give the subnet too: --subnet",
        value,
      })
    : invalid("TSD_SUBNET_STRAY", {
        message: `${what} is outside every subnet given: ${subnets.join(", ")}`,
        hint: "Give the subnet it belongs to as well, with another --subnet, or leave it out.",
        value,
      });
}

function requestOf({ subnets, gateways, ranges, auxiliary = {} }: Spec, family: 4 | 6): SubnetRequest {
  const subnet = theOnly(subnets, family, "subnets");
  const gateway = theOnly(gateways, family, "gateways");
  const range = theOnly(ranges, family, "ranges");
  const named = Object.entries(auxiliary).filter(([, address]) => familyOf(address) === family);
  return {
    family,
    ...(subnet === undefined ? {} : { subnet }),
    ...(gateway === undefined ? {} : { gateway }),
    ...(range === undefined ? {} : { range }),
    ...(named.length === 0 ? {} : { auxiliary: Object.fromEntries(named) }),
  };
}

function theOnly(all: readonly string[] = [], family: 4 | 6, what: string): string | undefined {
  const [only, other] = all.filter((text) => familyOf(text) === family);
  if (other === undefined) return only;
  throw invalid("TSD_SUBNET_WISH_TWICE", {
    message: `two IPv${family} ${what} were given: ${only} and ${other}`,
    hint: "Give one of each family at most.",
    value: other,
  });
}

interface Refusal {
  readonly message: string;
  readonly hint: string;
  readonly value: unknown;
}

function invalid(code: string, { message, hint, value }: Refusal): TsdError {
  return new TsdError({ kind: "invalid-input", code, message, hint, details: { value } });
}
