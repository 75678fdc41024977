import type { ContainerStats } from "../api/index.js";
import { binarySize } from "./binary-size.js";
import { byteSize } from "./byte-size.js";
import type { ListRow, ListView } from "./list-view.js";
import { shortId } from "./short-id.js";

/** One look at a container; one that does not run has no counters. */
export interface Sample {
  readonly id: string;
  readonly name: string;
  readonly stats: ContainerStats | undefined;
}

type StatsField = "Container" | "ID" | "Name" | "CPUPerc" | "MemUsage" | "MemPerc" | "NetIO" | "BlockIO" | "PIDs";

/** Docker's fields and columns. */
export const statsView: ListView<StatsField> = {
  headings: {
    Container: "CONTAINER",
    ID: "CONTAINER ID",
    Name: "NAME",
    CPUPerc: "CPU %",
    MemUsage: "MEM USAGE / LIMIT",
    MemPerc: "MEM %",
    NetIO: "NET I/O",
    BlockIO: "BLOCK I/O",
    PIDs: "PIDS",
  },
  columns: ["ID", "Name", "CPUPerc", "MemUsage", "MemPerc", "NetIO", "BlockIO", "PIDs"],
  quiet: "ID",
};

/** What is not counted is `--`, as docker writes it. `earlier` is of the same container, some moments before. */
export function statsRow(
  { id, name, stats }: Sample,
  earlier: ContainerStats | undefined,
  { full }: { readonly full: boolean },
): ListRow<StatsField> {
  const { memory, memoryLimit = 0, interfaces = [], blockRead, blockWritten, pids } = stats ?? {};
  const sum = (direction: "received" | "sent") => interfaces.reduce((all, one) => all + one[direction].bytes, 0);
  const cpu = processorShare(stats, earlier);
  const shown = full ? id : shortId(id);
  return {
    Container: shown,
    ID: shown,
    Name: name,
    CPUPerc: percent(cpu),
    MemUsage: `${memory === undefined ? unknown : binarySize(memory)} / ${stats === undefined ? unknown : binarySize(memoryLimit)}`,
    MemPerc: percent(memory === undefined || memoryLimit === 0 ? undefined : (100 * memory) / memoryLimit),
    NetIO: stats === undefined ? pair(undefined, undefined) : pair(sum("received"), sum("sent")),
    BlockIO: pair(blockRead, blockWritten),
    PIDs: pids === undefined ? unknown : `${pids}`,
  };
}

const unknown = "--";

/** Of one processor, in percent; undefined where one of the two looks is missing, or is of another run. */
function processorShare(now: ContainerStats | undefined, earlier: ContainerStats | undefined): number | undefined {
  if (now?.cpu === undefined || earlier?.cpu === undefined || now.cpu < earlier.cpu) return undefined;
  const nanoseconds = (Date.parse(now.time) - Date.parse(earlier.time)) * 1e6;
  return nanoseconds <= 0 ? undefined : (100 * (now.cpu - earlier.cpu)) / nanoseconds;
}

function percent(value: number | undefined): string {
  return value === undefined ? unknown : `${value.toFixed(2)}%`;
}

function pair(one: number | undefined, other: number | undefined): string {
  return [one, other].map((bytes) => (bytes === undefined ? unknown : byteSize(bytes))).join(" / ");
}
