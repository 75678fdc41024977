import { withoutPrefix } from "../../api/address-family.js";
import type { HostMap, MapAttachment, MapStack } from "../../api/index.js";
import { type LaneHead, laneHeads, linesWidth } from "./lane-boxes.js";
import { byLane, driftCount, guestsOf, isOnHost, modeWords, portWords, stackName, stackState } from "./map-words.js";
import { stackClass, stackKey, stackTitle } from "./stack-box.js";
import { fonts, hueAttributes, LINE_HEIGHT, SvgCanvas } from "./svg-canvas.js";
import { fitText, textWidth } from "./text-size.js";

/** Pixels. */
const margin = 16;
const laneGap = 24;
const rowHeight = 26;
const gap = 24;
const chip = 14;

interface Lane extends LaneHead {
  readonly x: number;
  /** Where it begins, beside its head. */
  readonly y: number;
}

/** Texts of one row, and the pixels that each needs. */
interface Row {
  readonly stack: MapStack;
  readonly name: string;
  readonly state: string;
  readonly addresses: readonly { readonly text: string; readonly networkId: string; readonly width: number }[];
  readonly ports: string;
}

/**
 * As lanesSvg, transposed: each network is a vertical lane, each container a row. What grows with the number of containers is the
 * height, which pages scroll.
 */
export function rowsSvg(map: HostMap): string {
  const heads = laneHeads(map);
  const headX = margin + heads.length * laneGap + 8;
  const lanes = placeLanes(heads);
  const tops = (lanes.at(-1)?.y ?? margin) + (heads.at(-1)?.lines.length ?? 0) * LINE_HEIGHT + gap;
  const rows = byLane(map).map(rowOf);
  const xs = columnsOf(rows, headX);
  const canvas = new SvgCanvas();
  for (const lane of lanes) drawLane(canvas, lane, { headX, end: endOf(lane, rows, tops) });
  rows.forEach((row, index) => {
    drawRow(canvas, row, { lanes, xs, y: tops + index * rowHeight });
  });
  const width = Math.max(xs.end, headX + Math.max(...heads.map(({ lines }) => linesWidth(lines)))) + margin;
  return canvas.finish(width, tops + rows.length * rowHeight + margin, `Networks of ${map.host}`);
}

/** Heads stand one below the other, and each lane leaves to the right of those that began before it: none crosses another. */
function placeLanes(heads: readonly LaneHead[]): readonly Lane[] {
  let y = margin + 12;
  return heads.map((head, index) => {
    const lane = { ...head, x: margin + 8 + index * laneGap, y };
    y += head.lines.length * LINE_HEIGHT + 14;
    return lane;
  });
}

function rowOf(stack: MapStack): Row {
  const mode = modeWords(stack) ?? [];
  const guests = guestsOf(stack).map((name) => `+ ${name}`);
  return {
    stack,
    name: fitText(stackName(stack), 200, fonts.name),
    state: fitText(
      [stackState(stack), ...driftCount(stack.drifts), mode, ...guests].flat().join(", "),
      220,
      fonts.small,
    ),
    addresses: stack.attachments.flatMap(addressesOf),
    ports: fitText(portWords(stack.attachments).join("  "), 420, fonts.mono),
  };
}

function addressesOf({ addresses, networkId }: MapAttachment): Row["addresses"] {
  return addresses.map((address) => {
    const text = withoutPrefix(address);
    return { text, networkId, width: textWidth(text, fonts.mono) + chip + 10 };
  });
}

/** Where each column of texts begins. */
function columnsOf(rows: readonly Row[], from: number) {
  const most = (widthOf: (row: Row) => number): number => Math.max(0, ...rows.map(widthOf));
  const state = from + most(({ name }) => textWidth(name, fonts.name)) + gap;
  const addresses = state + most((row) => textWidth(row.state, fonts.small)) + gap;
  const ports = addresses + most((row) => row.addresses.reduce((sum, { width }) => sum + width, 0)) + gap;
  return { name: from, state, addresses, ports, end: ports + most((row) => textWidth(row.ports, fonts.mono)) };
}

function isUser({ stack }: Row, networkId: string): boolean {
  if (networkId !== "") return stack.attachments.some((one) => one.networkId === networkId);
  return isOnHost(stack) || portWords(stack.attachments).length > 0;
}

function endOf({ networkId, y }: Lane, rows: readonly Row[], tops: number): number {
  const last = rows.findLastIndex((row) => isUser(row, networkId));
  return last < 0 ? y : tops + last * rowHeight;
}

function drawLane(
  canvas: SvgCanvas,
  lane: Lane,
  { headX, end }: { readonly headX: number; readonly end: number },
): void {
  const { x, y, hue, lines, title, networkId } = lane;
  const kind = networkId === "" ? 'class="world"' : `data-network="${networkId}"`;
  canvas.group(`${kind} ${hueAttributes(hue)}`, title, () => {
    const inside = lane.isInternal ? " inside" : "";
    const down = end > y ? `V${end}` : "";
    canvas.add(
      `<path class="lane${inside}" d="M${headX - 12} ${y} H${x} ${down}" stroke="hsl(${hue},45%,50%)" fill="none"/>`,
    );
    canvas.lines(headX, y + 5, lines);
  });
}

interface Placed {
  readonly lanes: readonly Lane[];
  readonly xs: ReturnType<typeof columnsOf>;
  readonly y: number;
}

function drawRow(canvas: SvgCanvas, row: Row, { lanes, xs, y }: Placed): void {
  const { stack, name, state, addresses, ports } = row;
  const own = lanes.filter(({ networkId }) => isUser(row, networkId));
  const hueOf = (id: string): number => lanes.find(({ networkId }) => networkId === id)?.hue ?? 0;
  canvas.group(`data-stack="${stackKey(stack)}"${stackClass(stack)}`, stackTitle(stack), () => {
    const first = own[0];
    if (first !== undefined) canvas.add(`<path class="wire" d="M${first.x} ${y} H${xs.name - 8}" stroke="#8a99a8"/>`);
    for (const lane of own) drawMark(canvas, lane, y, stack);
    canvas.text(xs.name, y + 5, { text: name, font: "name" });
    canvas.text(xs.state, y + 5, { text: state, font: "small", extra: stack.drifts.length > 0 ? ["alert"] : [] });
    let x = xs.addresses;
    for (const { text, networkId, width } of addresses) {
      canvas.add(
        `<circle class="dot" ${hueAttributes(hueOf(networkId))} cx="${x + 5}" cy="${y}" r="5" fill="hsl(${hueOf(networkId)},50%,45%)"/>`,
      );
      canvas.text(x + chip, y + 4, { text, font: "mono" });
      x += width;
    }
    if (ports !== "") canvas.text(xs.ports, y + 4, { text: ports, font: "mono", extra: ["port"] });
  });
}

/** On the world's lane an arrow's head for what is published there. */
function drawMark(canvas: SvgCanvas, { x, networkId, hue }: Lane, y: number, stack: MapStack): void {
  if (networkId === "" && !isOnHost(stack)) {
    canvas.add(`<path class="arrow head" d="M${x + 5} ${y - 4} l6 4 l-6 4 z" stroke="#b42318"/>`);
    return;
  }
  const world = networkId === "" ? " world" : "";
  canvas.add(
    `<circle class="dot${world}" ${hueAttributes(hue)} cx="${x}" cy="${y}" r="6.5" fill="hsl(${hue},50%,45%)"/>`,
  );
}
