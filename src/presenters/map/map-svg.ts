import type { HostMap } from "../../api/index.js";
import { lanesSvg } from "./lanes-svg.js";
import { rowsSvg } from "./rows-svg.js";

/** More columns than these are wider than a page. */
const mostColumns = 12;

/** A picture of all networks, without scripts, and in the dark where the reader's page is. */
export function mapSvg(map: HostMap): string {
  return map.stacks.length > mostColumns ? rowsSvg(map) : lanesSvg(map);
}
