import { type Family, hasFamily, type Network } from "../../api/index.js";
import type { Contradiction } from "../switched/contradiction.js";
import { IPV6_MIN_MTU, type SwitchSettings } from "../switched/switch-settings.js";

/** Options of bridge networks that cannot all be met, by each other or by what the network is. */
export function contradictions(network: Network, settings: SwitchSettings): readonly Contradiction[] {
  const { internal = false, options } = network;
  const families = ([4, 6] as const).filter((family) => hasFamily(network, family));
  const uses = (mode: string): boolean => families.some((family) => settings.mode[family] === mode);
  return [
    {
      holds: settings.adopted && options.name === undefined,
      says: "adopt=true does not say which bridge",
      hint: "Name it: -o name=br0.",
    },
    {
      holds: uses("isolated") && !internal,
      says: "gateway_mode=isolated leaves the host without an address on it, so that nothing leads out of it",
      hint: "Make it internal, or choose gateway_mode=nat or gateway_mode=routed.",
    },
    {
      holds: uses("routed") && internal,
      says: "gateway_mode=routed is for networks that others reach, and this one is internal",
      hint: "Leave out one of the two.",
    },
    {
      holds: uses("isolated") && settings.isolatePorts,
      says: "with gateway_mode=isolated and icc=false its containers reach nobody at all",
      hint: "Leave out one of the two, or use the network none.",
    },
    {
      holds: settings.adopted && settings.guarded,
      says: "antispoof=true needs a bridge of tsd's own, which learns no MAC addresses from frames that no packet filter sees",
      hint: "Leave out one of antispoof=true and adopt=true.",
    },
    {
      holds: hasFamily(network, 6) && settings.mtu !== undefined && settings.mtu < IPV6_MIN_MTU,
      says: `mtu=${settings.mtu} is too small for its IPv6 subnet`,
      hint: `Give ${IPV6_MIN_MTU} bytes at least, or no IPv6 subnet.`,
    },
    ...([4, 6] as const).map((family) => idleOutbound(network, settings, family)),
  ];
}

/** An address that packets should leave with, where none leave with another than their own. */
function idleOutbound(network: Network, settings: SwitchSettings, family: Family): Contradiction {
  const reasons: readonly (readonly [boolean, string])[] = [
    [!hasFamily(network, family), `the network has no IPv${family} subnet`],
    [network.internal === true, "the network is internal"],
    [!settings.masquerade, "masquerade=false keeps their own"],
    [settings.mode[family] === "routed", "gateway_mode=routed keeps their own"],
  ];
  const [, reason = ""] = reasons.find(([applies]) => applies) ?? [];
  return {
    holds: settings.outbound[family] !== undefined && reason !== "",
    says: `no packets leave with outbound_addr${family}=${settings.outbound[family]}: ${reason}`,
    hint: `Leave out outbound_addr${family}.`,
  };
}
