import type { Publish } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Rule } from "./rule.js";

/** A foreign rule is in the place of `wanted`. */
export function ruleTaken(wanted: Rule, stored: Rule): TsdError {
  const owner = stored.owner === "" ? "an unknown owner" : stored.owner.slice(0, 12);
  return new TsdError({
    kind: "conflict",
    code: "TSD_NAT_TAKEN",
    message: `${wanted.condition} in iptables chain ${wanted.chain} belongs to ${owner}, who has ${stored.action} for it`,
    hint: "Remove its owner, or choose another port.",
    details: { chain: wanted.chain, condition: wanted.condition, owner: stored.owner, found: stored.line },
  });
}

/** iptables has a syntax of its own in names (`+`, `!`, quotes), and takes no spaces. */
export function unspeakableName(name: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_NAT_NAME",
    message: `iptables cannot take ${JSON.stringify(name)} for the name of one interface or owner`,
    hint: "Use letters, digits, and . : @ _ - only.",
    details: { name },
  });
}

export function mixedFamilies({ hostAddress, containerAddress, hostPort, protocol, owner }: Publish): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_NAT_FAMILIES",
    message: `port ${hostPort}/${protocol} of ${hostAddress} cannot lead to ${containerAddress}, an address of the other family`,
    hint: "Publish on an address of the container's family.",
    details: { hostAddress, containerAddress, owner },
  });
}

/** `match` is the name of one, as in iptables-extensions(8). */
export function missingMatch(match: string, cause: unknown): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_NAT_MATCH",
    message: `networks that span hosts need the match ${match} of iptables, which this kernel or its iptables lacks`,
    hint: `Load it (modprobe xt_${match}), or use nftables: tsd nat use nftables`,
    details: { match },
    cause,
  });
}

export function notPermitted(cause: unknown): TsdError {
  return new TsdError({
    kind: "permission",
    code: "TSD_IPTABLES_FORBIDDEN",
    message: "the kernel lets only root change iptables",
    hint: "Run tsd as root.",
    cause,
  });
}
