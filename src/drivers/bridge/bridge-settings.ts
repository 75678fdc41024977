import { type Family, hasFamily, type Network } from "../../api/index.js";
import type { gatewayModes } from "./bridge-options.js";

type GatewayMode = (typeof gatewayModes)[number];

/** What a network's options and facts come to. */
export interface BridgeSettings {
  /** Name of the bridge. */
  readonly bridge: string;
  /** The bridge is not tsd's. */
  readonly adopted: boolean;
  /** Bytes; absent: the kernel's default. */
  readonly mtu?: number;
  /** Neighbours do not reach each other. */
  readonly isolatePorts: boolean;
  /** Containers of other networks come in. */
  readonly open: boolean;
  /** Containers use no MAC address and no address but their own. */
  readonly guarded: boolean;
  readonly masquerade: boolean;
  readonly mode: Readonly<Record<Family, GatewayMode>>;
  /** How often a new endpoint is announced to its neighbours, and with how many milliseconds in between. */
  readonly announced: { readonly times: number; readonly interval: number };
  /** The host's address that packets leave with; absent: that of the interface they leave by. */
  readonly outbound: Readonly<Partial<Record<Family, string>>>;
}

/** Links narrower than this carry no IPv6 (RFC 8200 §5); the kernel takes it away from them. */
export const IPV6_MIN_MTU = 1280;

export function settingsOf(network: Network): BridgeSettings {
  const { options } = network;
  const mtu = mtuOf(network);
  const modeOf = (mode: string | undefined): GatewayMode => (mode ?? options.gateway_mode ?? "nat") as GatewayMode;
  return {
    bridge: options.name ?? `br-${network.id.slice(0, 12)}`,
    adopted: options.adopt === "true",
    ...(mtu === undefined ? {} : { mtu }),
    isolatePorts: options.icc === "false",
    open: options.isolate === "false",
    guarded: options.antispoof === "true",
    masquerade: options.masquerade !== "false",
    mode: { 4: modeOf(options.gateway_mode_ipv4), 6: modeOf(options.gateway_mode_ipv6) },
    announced: {
      times: Number(options.advertise_addr_nmsgs ?? 1),
      interval: Number(options.advertise_addr_ms ?? 1000),
    },
    outbound: {
      ...(options.outbound_addr4 === undefined ? {} : { 4: options.outbound_addr4 }),
      ...(options.outbound_addr6 === undefined ? {} : { 6: options.outbound_addr6 }),
    },
  };
}

function mtuOf(network: Network): number | undefined {
  const { mtu = "auto" } = network.options;
  if (mtu !== "auto") return Number(mtu);
  if (network.egressMtu === undefined) return undefined;
  return hasFamily(network, 6) ? Math.max(network.egressMtu, IPV6_MIN_MTU) : network.egressMtu;
}
