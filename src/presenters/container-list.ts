import type { ContainerDetails } from "../api/index.js";
import { containerLabels } from "./container-config.js";
import { containerStatus } from "./container-status.js";
import { timeAgo } from "./human-duration.js";
import { labelsText } from "./labels-text.js";
import type { ListRow, ListView } from "./list-view.js";
import { portList } from "./port-list.js";
import { shortId } from "./short-id.js";

type ContainerField =
  | "ID"
  | "Name"
  | "Names"
  | "Image"
  | "PID"
  | "IP"
  | "Status"
  | "State"
  | "Ports"
  | "Command"
  | "RunningFor"
  | "CreatedAt"
  | "Networks"
  | "Labels";

/** Docker's fields under docker's names, with the process id and addresses that a network tool owes its users. */
export const containerView: ListView<ContainerField> = {
  headings: {
    ID: "ID",
    Name: "NAME",
    Names: "NAMES",
    Image: "IMAGE",
    PID: "PID",
    IP: "IP",
    Status: "STATUS",
    State: "STATE",
    Ports: "PORTS",
    Command: "COMMAND",
    RunningFor: "CREATED",
    CreatedAt: "CREATED AT",
    Networks: "NETWORKS",
    Labels: "LABELS",
  },
  columns: ["ID", "Name", "PID", "IP", "Status", "Ports", "Command", "RunningFor"],
  quiet: "ID",
};

/** `now` in milliseconds since the epoch; `full` leaves ids and commands whole. */
export function containerRow(
  details: ContainerDetails,
  options: { readonly now: number; readonly full: boolean },
): ListRow<ContainerField> {
  const { container, endpoints } = details;
  const attached = endpoints.map(({ endpoint }) => endpoint);
  const command = container.command.join(" ");
  return {
    ID: options.full ? container.id : shortId(container.id),
    Name: container.name,
    Names: container.name,
    Image: container.spec.image ?? container.spec.rootfs ?? "",
    PID: container.pid === undefined ? "" : String(container.pid),
    IP: attached.flatMap(({ addresses }) => addresses.map((address) => address.split("/", 1)[0])).join(", "),
    Status: containerStatus(container, options.now),
    State: container.status,
    Ports: portList(attached),
    Command: JSON.stringify(options.full ? command : ellipsis(command, 20)),
    RunningFor: timeAgo(container.created, options.now),
    CreatedAt: container.created,
    Networks: endpoints.map(({ network }) => network).join(","),
    Labels: labelsText(containerLabels(details)),
  };
}

function ellipsis(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
