import type { Family, Network } from "../../api/index.js";

export const gatewayModes = ["nat", "routed", "isolated"] as const;
export type GatewayMode = (typeof gatewayModes)[number];

/** Links narrower than this carry no IPv6 (RFC 8200 §5); the kernel takes it away from them. */
export const IPV6_MIN_MTU = 1280;

/** What the options and facts of a network whose containers are behind a bridge of the host come to. */
export interface SwitchSettings {
  /** Name of the bridge. */
  readonly bridge: string;
  /** The bridge is not tsd's. */
  readonly adopted: boolean;
  /** Bytes; absent: the kernel's default. */
  readonly mtu?: number;
  /** Neighbours do not reach each other. */
  readonly isolatePorts: boolean;
  /** Not all of the subnet is on the bridge, or not within reach there: neighbours are reached by way of the host. */
  readonly detoured: boolean;
  /** The bridge replies to ARP for neighbours behind a tunnel. */
  readonly proxied?: boolean;
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

/** What the options that all such networks have come to. */
export function commonSettings({
  id,
  options,
}: Network): Pick<SwitchSettings, "bridge" | "isolatePorts" | "open" | "guarded" | "masquerade"> {
  return {
    bridge: options.name ?? `br-${id.slice(0, 12)}`,
    isolatePorts: options.icc === "false",
    open: options.isolate === "false",
    guarded: options.antispoof === "true",
    masquerade: options.masquerade !== "false",
  };
}
