import { type ClusterPlace, type Network, TsdError } from "../../api/index.js";
import { commonSettings, type GatewayMode, type SwitchSettings } from "../switched/switch-settings.js";
import type { overlayModes } from "./overlay-options.js";
import { roomFor } from "./packet-size.js";

/** UDP port of VXLAN (RFC 7348 §8.1). */
const VXLAN_PORT = 4789;

/** What a network's options and its place in the cluster come to. */
export interface OverlaySettings extends SwitchSettings {
  readonly spans: (typeof overlayModes)[number];
  readonly place: ClusterPlace;
  /** Name of the VXLAN device. */
  readonly tunnel: string;
  /** UDP port of VXLAN. */
  readonly port: number;
  readonly encrypted: boolean;
  /** Name of the link that encrypts. */
  readonly cipher: string;
  readonly mtu: number;
}

export function settingsOf(network: Network): OverlaySettings {
  const { options } = network;
  const place = placeOf(network);
  const spans = (options.mode ?? "routed") as OverlaySettings["spans"];
  const common = commonSettings(network);
  const encrypted = options.encrypted === "true";
  const gatewayMode = (options.gateway_mode ?? "nat") as GatewayMode;
  const { mtu = "auto" } = options;
  return {
    ...common,
    spans,
    place,
    tunnel: `vx-${network.id.slice(0, 12)}`,
    // On the wire between hosts is WireGuard's port, if there is one.
    port: encrypted ? VXLAN_PORT : Number(options.port ?? VXLAN_PORT),
    encrypted,
    cipher: `wg-${network.id.slice(0, 12)}`,
    adopted: false,
    mtu: mtu === "auto" ? roomFor(place, { spans, encrypted }) : Number(mtu),
    detoured: common.isolatePorts || spans !== "l2",
    proxied: spans === "l2" && !common.isolatePorts,
    mode: { 4: gatewayMode, 6: gatewayMode },
    announced: { times: 1, interval: 1000 },
    outbound: {},
  };
}

/** Throws `invalid-input` where this host is in no cluster. */
function placeOf({ name, cluster }: Network): ClusterPlace {
  if (cluster !== undefined) return cluster;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_CLUSTER_PLACE",
    message: `network "${name}" spans hosts, and this host is in no cluster`,
    hint: "Join one first: tsd cluster join",
    details: { network: name },
  });
}
