import type { LayerProgress, PulledImage } from "../api/index.js";
import { printable } from "../errors/printable.js";
import { progressBar } from "./progress-bar.js";

/** docker's words for what happens to a layer. */
const words: Readonly<Record<LayerProgress["status"], string>> = {
  waiting: "Pulling fs layer",
  exists: "Already exists",
  downloading: "Downloading",
  downloaded: "Download complete",
  complete: "Pull complete",
};

/** A line about a layer, at most `width` columns wide, with a bar while it is fetched. */
export function layerLine({ layer, status, done, total }: LayerProgress, width: number): string {
  const label = `${layer}: ${words[status]}`;
  return status === "downloading" ? progressBar(label, { done, total }, width) : label.slice(0, width);
}

/** A step of a layer as docker's API has it (Engine API, `CreateImageInfo`). */
export function layerMessage({ layer, status, done, total }: LayerProgress): Readonly<Record<string, unknown>> {
  return {
    status: words[status],
    progressDetail: status === "downloading" ? { current: done, total } : {},
    id: layer,
  };
}

/** docker's last three lines of a pull. */
export function pulledLines({ digest, isNew, reference }: PulledImage): readonly string[] {
  const what = printable(reference.replace(/^docker\.io\/(library\/)?/, ""));
  const status = isNew ? "Downloaded newer image for" : "Image is up to date for";
  return [`Digest: ${digest}`, `Status: ${status} ${what}`, printable(reference)];
}

/** The first line of a pull: `latest: Pulling from library/busybox`, as docker prints it. */
export function pullingFrom(reference: string): string {
  const { id, status } = pullingMessage(reference);
  return `${id}: ${status}`;
}

/** The same as docker's API has it. */
export function pullingMessage(reference: string): { readonly id: string; readonly status: string } {
  const [, path = "", , tag, digest] = /^[^/]+\/([^:@]*)(:([^@]+))?(@.*)?$/.exec(reference) ?? [];
  return { id: printable(digest?.slice(1) ?? tag ?? "latest"), status: printable(`Pulling from ${path}`) };
}
