import { familyOf } from "../api/address-family.js";
import type { Network } from "../api/index.js";
import { goTime } from "./go-time.js";
import { labelOf, labelsText } from "./labels-text.js";
import type { ListRow, ListView } from "./list-view.js";
import { shortId } from "./short-id.js";

type NetworkField =
  | "ID"
  | "Name"
  | "Driver"
  | "Scope"
  | "IPv4"
  | "IPv6"
  | "Internal"
  | "Subnet"
  | "Gateway"
  | "Marks"
  | "Labels"
  | "CreatedAt";

/** docker's columns, the subnet, without which a list of networks is of little use, and what is unusual of each. */
export const networkView: ListView<NetworkField> = {
  headings: {
    ID: "NETWORK ID",
    Name: "NAME",
    Driver: "DRIVER",
    Scope: "SCOPE",
    IPv4: "IPV4",
    IPv6: "IPV6",
    Internal: "INTERNAL",
    Subnet: "SUBNET",
    Gateway: "GATEWAY",
    Marks: "MARKS",
    Labels: "LABELS",
    CreatedAt: "CREATED AT",
  },
  columns: ["ID", "Name", "Driver", "Scope", "Subnet", "Marks"],
  quiet: "ID",
};

export function networkRow(network: Network, options: { readonly full: boolean }): ListRow<NetworkField> {
  const has = (family: number): string => String(network.subnets.some(({ cidr }) => familyOf(cidr) === family));
  return {
    ID: options.full ? network.id : shortId(network.id),
    Name: network.name,
    Driver: network.driver,
    Scope: network.cluster === undefined ? "local" : "global",
    IPv4: has(4),
    IPv6: has(6),
    Internal: String(network.internal ?? false),
    Subnet: network.subnets.map(({ cidr }) => cidr).join(", "),
    Gateway: network.subnets.map(({ gateway }) => gateway).join(", "),
    Marks: marks(network).join(", "),
    Labels: labelsText(network.labels),
    Label: labelOf(network.labels),
    CreatedAt: goTime(network.created),
  };
}

/** What keeps packets from going where they go on a usual network, or sends them another way. */
function marks({ internal, options }: Network): readonly string[] {
  const telling = /^(?:icc|isolate|masquerade|antispoof|adopt|gateway_mode.*)$/;
  return [
    ...(internal ? ["internal"] : []),
    ...Object.entries(options).flatMap(([key, value]) => (telling.test(key) ? [`${key}=${value}`] : [])),
  ];
}
