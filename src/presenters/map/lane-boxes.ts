import type { HostMap, MapNetwork } from "../../api/index.js";
import { driftLines } from "../drift-lines.js";
import { driftCount, driverWords } from "./map-words.js";
import { networkHue } from "./network-hue.js";
import { fonts, type Line } from "./svg-canvas.js";
import { fitText, textWidth } from "./text-size.js";

/** What stands at the head of a lane. The first lane is the world's, which the uplinks lead to. */
export interface LaneHead {
  /** Empty for the world's. */
  readonly networkId: string;
  readonly hue: number;
  readonly isInternal: boolean;
  readonly hasDrift: boolean;
  readonly lines: readonly Line[];
  readonly title: string;
}

/** No text of a picture is wider, in pixels. */
const widest = 270;

export function laneHeads(map: HostMap): readonly LaneHead[] {
  return [worldHead(map), ...map.networks.map(networkHead)];
}

function worldHead({ host, uplinks, drifts }: HostMap): LaneHead {
  const addresses = uplinks.flatMap(({ name, addresses: own }) => [
    fitted({ text: name, font: "small" }),
    ...own.slice(0, 3).map((text) => fitted({ text, font: "mono" })),
  ]);
  return {
    ...{ networkId: "", hue: 210, isInternal: false, hasDrift: drifts.length > 0 },
    lines: [
      fitted({ text: host, font: "name" }),
      ...driftCount(drifts).map((text) => fitted({ text, font: "small", extra: ["alert"] })),
      ...(addresses.length === 0 ? [fitted({ text: "no way out", font: "small" })] : addresses),
    ],
    title: driftLines(drifts).trimEnd(),
  };
}

function networkHead(network: MapNetwork): LaneHead {
  const { id, name, traits, subnets, drifts } = network;
  return {
    ...{ networkId: id, hue: networkHue(id), isInternal: traits.includes("internal"), hasDrift: drifts.length > 0 },
    lines: [
      fitted({ text: name, font: "name" }),
      ...driftCount(drifts).map((text) => fitted({ text, font: "small", extra: ["alert"] })),
      fitted({ text: driverWords(network), font: "small" }),
      ...(traits.length === 0 ? [] : [fitted({ text: traits.join(", "), font: "small" })]),
      ...subnets.map((text) => fitted({ text, font: "mono" })),
    ],
    title: [name, driftLines(drifts).trimEnd()].filter(Boolean).join("\n"),
  };
}

function fitted(line: Line): Line {
  return { ...line, text: fitText(line.text, widest, fonts[line.font]) };
}

/** Pixels that the lines need. */
export function linesWidth(lines: readonly Line[]): number {
  return Math.max(0, ...lines.map(({ text, font }) => textWidth(text, fonts[font])));
}
