import type { LayerProgress } from "../api/index.js";
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

/** The first line of a pull: `latest: Pulling from library/busybox`, as docker prints it. */
export function pullingFrom(reference: string): string {
  const [, path = "", , tag, digest] = /^[^/]+\/([^:@]*)(:([^@]+))?(@.*)?$/.exec(reference) ?? [];
  return printable(`${digest?.slice(1) ?? tag ?? "latest"}: Pulling from ${path}`);
}
