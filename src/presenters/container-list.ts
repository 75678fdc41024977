import type { ContainerDetails } from "../api/index.js";
import { byteSize } from "./byte-size.js";
import { containerLabels } from "./container-config.js";
import { dockerStatus } from "./container-state.js";
import { containerStatus } from "./container-status.js";
import { goTime } from "./go-time.js";
import { timeAgo } from "./human-duration.js";
import { labelOf, labelsText } from "./labels-text.js";
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
  | "Labels"
  | "Mounts"
  | "LocalVolumes"
  | "Size";

/** docker's fields and columns, and the process id and addresses that a network tool owes its users. */
export const containerView: ListView<ContainerField> = {
  headings: {
    ID: "CONTAINER ID",
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
    Mounts: "MOUNTS",
    LocalVolumes: "LOCAL VOLUMES",
    Size: "SIZE",
  },
  columns: ["ID", "Image", "Command", "RunningFor", "Status", "Ports", "Names"],
  quiet: "ID",
};

/** With where each container is on the network, in place of what it runs. */
export const wideContainerView: ListView<ContainerField> = {
  ...containerView,
  columns: ["ID", "Image", "PID", "IP", "Networks", "RunningFor", "Status", "Ports", "Names"],
};

/** Bytes that a container wrote, and with its image's layers. */
interface ContainerSize {
  readonly written: number;
  readonly total: number;
}

/** `now` in milliseconds since the epoch; `full` leaves ids and commands whole. */
export function containerRow(
  details: ContainerDetails,
  options: { readonly now: number; readonly full: boolean; readonly size?: ContainerSize | undefined },
): ListRow<ContainerField> {
  const { container, endpoints, configured = [] } = details;
  const attached = endpoints.map(({ endpoint }) => endpoint);
  const command = container.command.join(" ");
  const labels = containerLabels(details);
  const mounts = details.mounts.map(({ name, source, target }) => name || source || target);
  return {
    ID: options.full ? container.id : shortId(container.id),
    Name: container.name,
    Names: container.name,
    Image: container.spec.image ?? container.spec.rootfs ?? "",
    PID: container.pid === undefined ? "" : String(container.pid),
    IP: attached.flatMap(({ addresses }) => addresses.map((address) => address.split("/", 1)[0])).join(", "),
    Status: containerStatus(container, options.now),
    State: dockerStatus(container),
    Ports: portList(attached),
    Command: JSON.stringify(options.full ? command : ellipsis(command, 20)),
    RunningFor: timeAgo(container.created, options.now),
    CreatedAt: goTime(container.created),
    Networks: [...configured, ...endpoints].map(({ network }) => network).join(","),
    Labels: labelsText(labels),
    Label: labelOf(labels),
    Mounts: mounts.map((mount) => (options.full ? mount : ellipsis(mount, 15))).join(","),
    Size: sizeText(options.size),
    LocalVolumes: String(mounts.filter((mount) => !mount.startsWith("/")).length),
  };
}

function ellipsis(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** docker's words: `12kB (virtual 4.26MB)`; nothing where it was not measured. */
function sizeText(size: ContainerSize | undefined): string {
  return size === undefined ? "" : `${byteSize(size.written)} (virtual ${byteSize(size.total)})`;
}
