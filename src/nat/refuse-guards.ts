import type { Guard, Isolate, NatIntent } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";

/**
 * Throws `unsupported` where `intents` ask for a guard. For backends that cannot look into frames: neither iptables, which
 * sees no ARP, nor ebtables, which sees no target of a neighbour advertisement, can keep what a guard promises.
 */
export function refuseGuards(backend: string, intents: readonly NatIntent[]): void {
  const guard = intents.find(asksForGuard);
  if (guard === undefined) return;
  throw new TsdError({
    kind: "unsupported",
    code: "TSD_NAT_GUARD",
    message: `the NAT backend ${backend} cannot keep endpoints behind ${guard.bridge} from using addresses of others (antispoof=true)`,
    hint: "Use nftables (tsd nat use nftables), or do without antispoof=true.",
    details: { backend, bridge: guard.bridge, owner: guard.owner },
  });
}

function asksForGuard(intent: NatIntent): intent is Guard | Isolate {
  return intent.kind === "guard" || (intent.kind === "isolate" && intent.guarded === true);
}
