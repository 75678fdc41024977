import { familyOf } from "../../api/address-family.js";
import type { Endpoint, Network, Resource, Route } from "../../api/index.js";
import { spokenBy } from "../../api/index.js";
import type { EndpointRow } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Machine } from "./landscape.js";

/** Addresses that no host has (RFC 5737, RFC 3849). */
const elsewhere = { 4: "192.0.2.1", 6: "2001:db8::1" } as const;

/**
 * The row of an endpoint that was handed over, with what its caller gives the interface: the addresses, and the default route
 * where the kernel has it. Other rows stay as they are.
 */
export function asPlaced(row: EndpointRow, network: Network, machine: Pick<Machine, "routeTo">): EndpointRow {
  const { endpoint } = row;
  if (endpoint.handover === undefined) return row;
  const { netns, interface: link } = endpoint;
  const addresses = endpoint.addresses.map((address): Resource => ({ kind: "address", netns, link, address }));
  return { ...row, resources: [...row.resources, ...addresses, ...defaultRoutes(endpoint, network, machine)] };
}

function defaultRoutes(endpoint: Endpoint, network: Network, machine: Pick<Machine, "routeTo">): readonly Route[] {
  const { netns, interface: link } = endpoint;
  return spokenBy(endpoint, network).subnets.flatMap(({ gateway }) => {
    const family = familyOf(gateway);
    if (linkTo(elsewhere[family], netns, machine) !== link) return [];
    return [{ kind: "route", netns, destination: family === 6 ? "::/0" : "0.0.0.0/0", gateway, link }];
  });
}

function linkTo(address: string, netns: string, machine: Pick<Machine, "routeTo">): string | undefined {
  try {
    return machine.routeTo(address, netns)?.link;
  } catch (error) {
    // The namespace is gone, or yet to come.
    if (TsdError.is(error)) return undefined;
    throw error;
  }
}
