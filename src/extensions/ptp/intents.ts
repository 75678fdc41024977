import {
  addressesOf,
  type Endpoint,
  familyOf,
  hostEnd,
  type NatIntent,
  type Network,
  type Resource,
  spokenBy,
} from "../../api/index.js";
import { groupOf } from "./group-of.js";

/** What must be true of packets by an endpoint's cable, which is what a bridge is to others. */
export function intents(whole: Network, endpoint: Endpoint): readonly Resource[] {
  const { options, internal = false } = whole;
  const { subnets } = spokenBy(endpoint, whole);
  const intent = { owner: endpoint.id, bridge: hostEnd(endpoint), group: groupOf(whole) };
  const isolate: NatIntent = {
    ...{ kind: "isolate", ...intent },
    ...(options.icc === "false" ? { apart: true } : {}),
    ...(internal ? { internal } : {}),
  };
  if (internal) return [isolate];
  return [
    ...localnet(endpoint),
    isolate,
    ...(options.masquerade === "false" ? [] : subnets).map(
      ({ cidr: subnet }): NatIntent => ({ kind: "masquerade", ...intent, subnet }),
    ),
    ...publications(endpoint),
  ];
}

/** Lets 127.0.0.1 of the host call a published port. */
function localnet(endpoint: Endpoint): readonly Resource[] {
  const speaks4 = endpoint.addresses.some((address) => familyOf(address) === 4);
  return speaks4 ? [{ kind: "localnet", link: hostEnd(endpoint), foreignPorts: true }] : [];
}

function publications(endpoint: Endpoint): readonly NatIntent[] {
  return endpoint.ports.flatMap((port) =>
    addressesOf(endpoint)
      .filter((address) => port.hostAddress === undefined || familyOf(port.hostAddress) === familyOf(address))
      .map((containerAddress): NatIntent => {
        return { kind: "publish", owner: endpoint.id, bridge: hostEnd(endpoint), ...port, containerAddress };
      }),
  );
}
