import {
  type Allow,
  addressesOf,
  type Endpoint,
  familyOf,
  type Network,
  type Publish,
  TsdError,
} from "../../api/index.js";
import type { SwitchSettings } from "./switch-settings.js";

/** What must be true of packets to an endpoint and from it. */
export function endpointIntents(
  network: Network,
  endpoint: Endpoint,
  settings: SwitchSettings,
): readonly (Publish | Allow)[] {
  return [
    ...(network.internal ? [] : publications(network, endpoint, settings)),
    // Links need no extra rule unless `icc=false`.
    ...(settings.isolatePorts ? links(endpoint, settings) : []),
  ];
}

/**
 * A port of the host leads to the container. On a network that others route to, the container's own port is opened
 * instead. Throws `invalid-input` for a port there that only one address of the host should have.
 */
function publications(
  { name }: Network,
  endpoint: Endpoint,
  { bridge, mode }: SwitchSettings,
): readonly (Publish | Allow)[] {
  const intent = { owner: endpoint.id, bridge };
  return [...endpoint.ports, ...(endpoint.opened ?? [])].flatMap((port) =>
    addressesOf(endpoint)
      .filter((address) => port.hostAddress === undefined || familyOf(port.hostAddress) === familyOf(address))
      .map((address): Publish | Allow => {
        const { protocol, hostAddress, containerPort, count } = port;
        if (mode[familyOf(address)] !== "routed")
          return { kind: "publish", ...intent, ...port, containerAddress: address };
        if (hostAddress !== undefined && !isUnspecified(hostAddress))
          throw boundWhereRouted(name, hostAddress, address);
        return { kind: "allow", ...intent, protocol, address, port: containerPort, count };
      }),
  );
}

function isUnspecified(address: string): boolean {
  return address === "0.0.0.0" || address === "::";
}

/** Opened to everyone it would be the contrary of what was asked for. */
function boundWhereRouted(network: string, hostAddress: string, address: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_PORT_ROUTED",
    message: `cannot publish on ${hostAddress}: others reach ${address} on network "${network}" directly (gateway_mode=routed)`,
    hint: "Publish without an address, which opens the container's port to everyone, or not at all.",
    details: { network, hostAddress, address },
  });
}

function links(endpoint: Endpoint, { bridge }: SwitchSettings): readonly Allow[] {
  return (endpoint.links ?? []).flatMap(({ addresses, ports }) =>
    addresses.flatMap((address) =>
      addressesOf(endpoint)
        .filter((from) => familyOf(from) === familyOf(address))
        .flatMap((from) =>
          ports.map((port): Allow => {
            return { kind: "allow", owner: endpoint.id, bridge, ...port, address, from };
          }),
        ),
    ),
  );
}
