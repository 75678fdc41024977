import type { NetworkName } from "../api/index.js";
import type { ListRow, ListView } from "./list-view.js";
import { shortId } from "./short-id.js";

type NameField = "Name" | "Address" | "Container" | "ContainerID" | "Network" | "NetworkID";

export const nameView: ListView<NameField> = {
  headings: {
    Name: "NAME",
    Address: "ADDRESS",
    Container: "CONTAINER",
    ContainerID: "CONTAINER ID",
    Network: "NETWORK",
    NetworkID: "NETWORK ID",
  },
  columns: ["Name", "Address", "Container", "Network"],
  quiet: "Name",
};

export function nameRow(
  { name, addresses, container, network }: NetworkName,
  options: { readonly full: boolean },
): ListRow<NameField> {
  const idOf = ({ id }: { readonly id: string }): string => (options.full ? id : shortId(id));
  return {
    Name: name,
    Address: addresses.join(", "),
    Container: container.name,
    ContainerID: idOf(container),
    Network: network.name,
    NetworkID: idOf(network),
  };
}
