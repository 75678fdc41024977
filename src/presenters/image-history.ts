import type { ImageHistoryEntry } from "../api/index.js";
import { byteSize } from "./byte-size.js";
import { timeAgo } from "./human-duration.js";
import type { ListRow, ListView } from "./list-view.js";
import { shortId } from "./short-id.js";

type HistoryField = "ID" | "CreatedSince" | "CreatedAt" | "CreatedBy" | "Size" | "Comment";

export const historyView: ListView<HistoryField> = {
  headings: {
    ID: "IMAGE",
    CreatedSince: "CREATED",
    CreatedAt: "CREATED AT",
    CreatedBy: "CREATED BY",
    Size: "SIZE",
    Comment: "COMMENT",
  },
  columns: ["ID", "CreatedSince", "CreatedBy", "Size", "Comment"],
  quiet: "ID",
};

/** How much of a step a table has room for, as docker's. */
const STEP_SHOWN = 45;

export interface HistoryOptions {
  /** Of the image, which only the newest step is. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly full: boolean;
  /** Sizes in units and times as ages; else bytes and RFC 3339. */
  readonly human: boolean;
}

export function historyRows(
  entries: readonly ImageHistoryEntry[],
  { id, now, full, human }: HistoryOptions,
): readonly ListRow<HistoryField>[] {
  return entries.map(({ created, createdBy, comment, size }, at) => {
    const step = createdBy.replaceAll("\t", " ");
    const since = created === undefined ? "N/A" : timeAgo(created, now);
    const newest = full ? `sha256:${id}` : shortId(id);
    return {
      ID: at === 0 ? newest : "<missing>",
      CreatedSince: human ? since : (created ?? "N/A"),
      CreatedAt: created ?? "",
      CreatedBy: full || step.length <= STEP_SHOWN ? step : `${step.slice(0, STEP_SHOWN - 1)}…`,
      Size: human ? byteSize(size) : String(size),
      Comment: comment,
    };
  });
}
