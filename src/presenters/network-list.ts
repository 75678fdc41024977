import type { Network } from "../api/index.js";
import { labelsText } from "./labels-text.js";
import type { ListRow, ListView } from "./list-view.js";
import { shortId } from "./short-id.js";

type NetworkField = "ID" | "Name" | "Driver" | "Scope" | "Subnet" | "Gateway" | "Labels" | "CreatedAt";

/** docker's columns, and the subnet, without which a list of networks is of little use. */
export const networkView: ListView<NetworkField> = {
  headings: {
    ID: "NETWORK ID",
    Name: "NAME",
    Driver: "DRIVER",
    Scope: "SCOPE",
    Subnet: "SUBNET",
    Gateway: "GATEWAY",
    Labels: "LABELS",
    CreatedAt: "CREATED AT",
  },
  columns: ["ID", "Name", "Driver", "Scope", "Subnet"],
  quiet: "ID",
};

export function networkRow(network: Network, options: { readonly full: boolean }): ListRow<NetworkField> {
  return {
    ID: options.full ? network.id : shortId(network.id),
    Name: network.name,
    Driver: network.driver,
    Scope: "local",
    Subnet: network.subnets.map(({ cidr }) => cidr).join(", "),
    Gateway: network.subnets.map(({ gateway }) => gateway).join(", "),
    Labels: labelsText(network.labels),
    CreatedAt: network.created,
  };
}
