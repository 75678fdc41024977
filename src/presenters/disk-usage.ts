import type { DiskUsage } from "../api/index.js";
import { byteSize } from "./byte-size.js";
import { containerStatus } from "./container-status.js";
import { timeAgo } from "./human-duration.js";
import { type ListOptions, type ListView, renderList } from "./list-view.js";
import { shortId } from "./short-id.js";
import { renderTable } from "./table.js";

type UsageField = "Type" | "TotalCount" | "Active" | "Size" | "Reclaimable";

const usageView: ListView<UsageField> = {
  headings: { Type: "TYPE", TotalCount: "TOTAL", Active: "ACTIVE", Size: "SIZE", Reclaimable: "RECLAIMABLE" },
  columns: ["Type", "TotalCount", "Active", "Size", "Reclaimable"],
  quiet: "Type",
};

/** `docker system df`: a row for each kind of thing. */
export function usageText(usage: DiskUsage, options: ListOptions): string {
  const { images, containers, volumes, layers, unusedLayers } = usage;
  const stopped = containers.filter(({ container }) => !isActive(container.status));
  const unused = volumes.filter(({ users }) => users === 0);
  const rows = [
    row("Images", images.length, {
      active: images.filter(({ users }) => users > 0).length,
      size: layers,
      free: unusedLayers,
    }),
    row("Containers", containers.length, {
      active: containers.length - stopped.length,
      size: sum(containers.map(({ size }) => size.written)),
      free: sum(stopped.map(({ size }) => size.written)),
    }),
    row("Local Volumes", volumes.length, {
      active: volumes.length - unused.length,
      size: sum(volumes.map(({ size }) => size)),
      free: sum(unused.map(({ size }) => size)),
    }),
  ];
  return renderList(rows, usageView, options);
}

/** `docker system df --verbose`: a row for each thing. `now` in milliseconds since the epoch. */
export function usageDetails({ images, containers, volumes }: DiskUsage, now: number): string {
  const imageRows = images.map(({ image, size, shared, users }) => {
    const [name = "<none>:<none>"] = image.names;
    const colon = name.lastIndexOf(":");
    const sizes = [byteSize(size), byteSize(shared), byteSize(size - shared)];
    const at = [shortId(image.id), timeAgo(image.created, now)];
    return [name.slice(0, colon), name.slice(colon + 1), ...at, ...sizes, String(users)];
  });
  const containerRows = containers.map(({ container, size }) => [
    ...[shortId(container.id), container.spec.image ?? container.spec.rootfs ?? "", container.command.join(" ")],
    String((container.spec.volumes ?? []).length + (container.spec.mounts ?? []).length),
    ...[byteSize(size.written), timeAgo(container.created, now), containerStatus(container, now), container.name],
  ]);
  const volumeRows = volumes.map(({ volume, users, size }) => [volume.name, String(users), byteSize(size)]);
  return [
    section(
      "Images",
      ["REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE", "SHARED SIZE", "UNIQUE SIZE", "CONTAINERS"],
      imageRows,
    ),
    section(
      "Containers",
      ["CONTAINER ID", "IMAGE", "COMMAND", "LOCAL VOLUMES", "SIZE", "CREATED", "STATUS", "NAMES"],
      containerRows,
    ),
    section("Local Volumes", ["VOLUME NAME", "LINKS", "SIZE"], volumeRows),
  ].join("\n");
}

function section(title: string, headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return `${title} space usage:\n\n${renderTable([headings, ...rows])}`;
}

function row(
  type: string,
  total: number,
  { active, size, free }: { readonly active: number; readonly size: number; readonly free: number },
) {
  const share = size === 0 ? "" : ` (${Math.floor((free * 100) / size)}%)`;
  return {
    Type: type,
    TotalCount: String(total),
    Active: String(active),
    Size: byteSize(size),
    Reclaimable: `${byteSize(free)}${share}`,
  };
}

function isActive(status: string): boolean {
  return status !== "created" && status !== "exited";
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}
