import type { ClusterHost } from "../api/index.js";
import type { ListRow, ListView } from "./list-view.js";

type HostField = "Name" | "Address" | "Status" | "Self" | "Networks" | "Joined";

export const clusterHostView: ListView<HostField> = {
  headings: {
    Name: "NAME",
    Address: "ADDRESS",
    Status: "STATUS",
    Self: "SELF",
    Networks: "NETWORKS",
    Joined: "JOINED",
  },
  columns: ["Name", "Address", "Status", "Networks"],
  quiet: "Name",
};

export function clusterHostRow({ name, address, isSelf, isAlive, networks, joined }: ClusterHost): ListRow<HostField> {
  return {
    Name: name,
    Address: address,
    Status: statusOf(isSelf, isAlive),
    Self: String(isSelf),
    Networks: networks.join(","),
    Joined: joined,
  };
}

/** An agent runs only where there is something for it to do, so one that does not says little. */
function statusOf(isSelf: boolean, isAlive: boolean): string {
  if (isAlive) return isSelf ? "this host, alive" : "alive";
  return isSelf ? "this host" : "no sign of life";
}
