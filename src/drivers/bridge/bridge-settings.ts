import { hasFamily, type Network } from "../../api/index.js";
import { commonSettings, type GatewayMode, IPV6_MIN_MTU, type SwitchSettings } from "../switched/switch-settings.js";

/** What a network's options and facts come to. */
export function settingsOf(network: Network): SwitchSettings {
  const { options } = network;
  const mtu = mtuOf(network);
  const common = commonSettings(network);
  const modeOf = (mode: string | undefined): GatewayMode => (mode ?? options.gateway_mode ?? "nat") as GatewayMode;
  return {
    ...common,
    adopted: options.adopt === "true",
    ...(mtu === undefined ? {} : { mtu }),
    detoured: common.isolatePorts,
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
