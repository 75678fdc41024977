import type { HostMap } from "../../api/index.js";
import type { Look } from "../look.js";
import { mapDot } from "./map-dot.js";
import { mapMermaid } from "./map-mermaid.js";
import { mapSvg } from "./map-svg.js";
import { mapTree } from "./map-tree.js";

/** Each form of a map by its name, with how the names of its files end. */
export const mapFormats = {
  svg: { endings: ["svg"], render: mapSvg },
  dot: { endings: ["dot", "gv"], render: mapDot },
  mermaid: { endings: ["mmd", "mermaid"], render: mapMermaid },
  tree: { endings: ["txt"], render: mapTree },
} as const satisfies Readonly<
  Record<string, { readonly endings: readonly string[]; readonly render: (map: HostMap, look: Look) => string }>
>;

export type MapFormat = keyof typeof mapFormats;

/** What the name of a file asks for. */
export function formatFor(file: string): MapFormat | undefined {
  const ending = file.split(".").at(-1) ?? "";
  return (Object.keys(mapFormats) as MapFormat[]).find((name) =>
    (mapFormats[name].endings as readonly string[]).includes(ending),
  );
}
