import type { Guard, Isolate, NatIntent } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";

/**
 * Throws `unsupported` where `intents` ask for a guard, of a container or of other hosts. For backends that cannot look into frames: neither iptables, which
 * sees no ARP, nor ebtables, which sees no target of a neighbour advertisement, can keep what a guard promises.
 */
export function refuseGuards(backend: string, intents: readonly NatIntent[]): void {
  const guard = intents.find(asksForGuard);
  if (guard === undefined) return;
  throw isOfHosts(guard) ? openToHosts(backend, guard) : openToEndpoints(backend, guard);
}

function asksForGuard(intent: NatIntent): intent is Guard | Isolate {
  return intent.kind === "guard" || (intent.kind === "isolate" && (intent.guarded === true || isOfHosts(intent)));
}

function isOfHosts(intent: Guard | Isolate): boolean {
  return intent.kind === "guard" ? intent.shared === true : intent.inlet !== undefined;
}

function openToEndpoints(backend: string, { bridge, owner }: Guard | Isolate): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_NAT_GUARD",
    message: `the NAT backend ${backend} cannot keep endpoints behind ${bridge} from using addresses of others (antispoof=true)`,
    hint: "Use nftables (tsd nat use nftables), or do without antispoof=true.",
    details: { backend, bridge, owner },
  });
}

function openToHosts(backend: string, { bridge, owner }: Guard | Isolate): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_NAT_INLET",
    message: `the NAT backend ${backend} cannot keep other hosts behind ${bridge} from using this one as a router (mode=l2)`,
    hint: "Use nftables (tsd nat use nftables), or mode=routed.",
    details: { backend, bridge, owner },
  });
}
