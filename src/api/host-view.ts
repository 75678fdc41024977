import type { Network } from "./network.js";

/** A link of the host, as a driver may see it. */
export interface HostLink {
  readonly name: string;
  /** `bridge`, `vlan` …; absent for hardware. */
  readonly kind?: string;
  readonly up: boolean;
  /** Bytes. */
  readonly mtu: number;
  readonly mac?: string;
  /** Name of the link that it stands on. */
  readonly parent?: string;
  /** Name of the bridge that it is a port of. */
  readonly master?: string;
  /** With prefix length. */
  readonly addresses: readonly string[];
  /** Name of the tsd network that made it. */
  readonly network?: string;
}

/** A tsd network, as far as the driver of another needs to know it. */
export type HostNetwork = Pick<Network, "name" | "driver" | "options" | "facts">;

/** What a driver may ask about the host, see {@link NetworkDriver.observe}. Reads alone. */
export interface HostView {
  /** Undefined where there is none of that name. */
  link(name: string): HostLink | undefined;
  links(): readonly HostLink[];
  /** The tsd networks that exist. */
  networks(): readonly HostNetwork[];
  /** Unicast routes of the main table, both families, without default routes and link-local ones. */
  routes(): readonly { readonly destination: string; readonly link: string }[];
  /** Why the host makes no links of type wireguard, as a clause; undefined where it does. */
  lacksWireguard(): string | undefined;
}
