import { familyOf } from "../../api/address-family.js";
import type { CommonOptions, ContainerSpec, Network, NetworkAttachment } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { byPath } from "./sandbox.js";

/** True for a container that has IPv6 switched off as a whole (ip-sysctl, `disable_ipv6`). */
export function refusesIPv6({ sysctls }: Pick<ContainerSpec, "sysctls">): boolean {
  const given = byPath(sysctls);
  return ["all", "default"].some((name) => given[`net/ipv6/conf/${name}/disable_ipv6`]?.trim() === "1");
}

interface EndpointRequest {
  readonly attachment: NetworkAttachment;
  readonly spec: Pick<ContainerSpec, "sysctls"> | undefined;
  /** The driver's, of the endpoint. */
  readonly options: CommonOptions;
}

/**
 * The network as an endpoint has it: without its IPv6 subnets where the container, or the interface, has IPv6 switched off.
 * Throws `invalid-input` where it needs IPv6 all the same.
 */
export function withoutRefusedIPv6(network: Network, { attachment, spec = {}, options }: EndpointRequest): Network {
  const isOff = refusesIPv6(spec) || /(^|,)net\.ipv6\.conf\.IFNAME\.disable_ipv6=1(,|$)/.test(options.sysctls ?? "");
  if (!isOff) return network;
  const subnets = network.subnets.filter(({ cidr }) => familyOf(cidr) === 4);
  const need =
    attachment.address6 === undefined
      ? subnets.length < network.subnets.length && subnets.length === 0 && `network "${network.name}" has no other`
      : `address ${attachment.address6} is asked for`;
  if (need === false) return { ...network, subnets };
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_IPV6_REFUSED",
    message: `IPv6 is switched off by disable_ipv6, and ${need}`,
    hint: "Leave out the one or the other.",
    details: { network: network.id },
  });
}
