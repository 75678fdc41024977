import { withoutPrefix } from "../../api/address-family.js";
import type { HostMap, MapStack } from "../../api/index.js";
import { type LaneHead, laneHeads, linesWidth } from "./lane-boxes.js";
import { byLane, isOnHost, portWords } from "./map-words.js";
import { stackClass, stackKey, stackLines, stackTitle } from "./stack-box.js";
import { fonts, hueAttributes, LINE_HEIGHT, SvgCanvas } from "./svg-canvas.js";
import { textWidth } from "./text-size.js";

/** Pixels. */
const margin = 16;
const gap = 18;
const textBeside = 10;

interface Lane extends LaneHead {
  readonly top: number;
  readonly height: number;
  /** Of the line. */
  readonly y: number;
}

interface Column {
  readonly stack: MapStack;
  readonly x: number;
  readonly boxWidth: number;
}

/**
 * Each network is a lane, each container a column, with a dot where it is attached. Lanes never cross, whatever is attached to
 * what, so the size is known before anything is drawn.
 */
export function lanesSvg(map: HostMap): string {
  const stacks = byLane(map);
  const heads = laneHeads(map);
  const headWidth = Math.max(120, ...heads.map(({ lines }) => linesWidth(lines))) + 2 * 12;
  const lanes = placeLanes(heads, stacks);
  const { columns, right } = placeColumns(stacks, margin + headWidth + gap);
  const last = lanes.at(-1);
  const base = (last === undefined ? margin : last.top + last.height) + gap;
  const boxHeight = Math.max(0, ...stacks.map((stack) => stackLines(stack).length)) * LINE_HEIGHT + 12;
  const canvas = new SvgCanvas();
  for (const lane of lanes) drawLane(canvas, lane, { headWidth, columns });
  for (const column of columns) drawColumn(canvas, column, { lanes, base });
  if (stacks.length === 0) canvas.text(margin, base + LINE_HEIGHT, { text: "No containers yet.", font: "small" });
  const height = base + (stacks.length === 0 ? 2 * LINE_HEIGHT : boxHeight) + margin;
  return canvas.finish(Math.max(right, margin + headWidth) + margin, height, `Networks of ${map.host}`);
}

/** Below its line each lane has room for what stands beside the dots: addresses, and ports on the world's. */
function placeLanes(heads: readonly LaneHead[], stacks: readonly MapStack[]): readonly Lane[] {
  let top = margin;
  return heads.map((head) => {
    const boxHeight = head.lines.length * LINE_HEIGHT + 12;
    const beside = Math.max(0, ...stacks.map((stack) => textsBeside(stack, head.networkId).length));
    const height = Math.max(boxHeight, 22 + beside * LINE_HEIGHT + 14);
    const lane = { ...head, top, height, y: top + Math.min(boxHeight / 2, 22) };
    top += height + gap;
    return lane;
  });
}

/** What stands beside a column's line below a lane. */
function textsBeside(stack: MapStack, networkId: string): readonly string[] {
  if (networkId === "") return portWords(stack.attachments);
  return stack.attachments
    .filter((one) => one.networkId === networkId)
    .flatMap(({ addresses }) => addresses.map(withoutPrefix));
}

function placeColumns(
  stacks: readonly MapStack[],
  from: number,
): { readonly columns: readonly Column[]; readonly right: number } {
  let right = from;
  const columns = stacks.map((stack) => {
    const boxWidth = Math.max(72, linesWidth(stackLines(stack)) + 20);
    const texts = [
      ...portWords(stack.attachments),
      ...stack.attachments.flatMap(({ addresses }) => addresses.map(withoutPrefix)),
    ];
    const beside = Math.max(0, ...texts.map((text) => textWidth(text, fonts.mono) + textBeside));
    const x = right + boxWidth / 2;
    right = x + Math.max(boxWidth / 2, beside) + gap;
    return { stack, x, boxWidth };
  });
  return { columns, right: right - (stacks.length === 0 ? 0 : gap) };
}

function drawLane(
  canvas: SvgCanvas,
  lane: Lane,
  { headWidth, columns }: { readonly headWidth: number; readonly columns: readonly Column[] },
): void {
  const { top, y, hue, lines, title, networkId } = lane;
  const users = columns.filter(({ stack }) => isUser(stack, networkId)).map(({ x }) => x);
  const kind = networkId === "" ? 'class="world"' : `data-network="${networkId}"`;
  canvas.group(`${kind} ${hueAttributes(hue)}`, title, () => {
    const boxHeight = lines.length * LINE_HEIGHT + 12;
    const fallback = `fill="hsl(${hue},60%,95%)" stroke="hsl(${hue},45%,50%)"`;
    if (users.length > 0) {
      const way = `M${margin + headWidth} ${y} H${Math.max(...users) + 14}`;
      canvas.add(
        `<path class="lane${lane.isInternal ? " inside" : ""}" d="${way}" stroke="hsl(${hue},45%,50%)" fill="none"/>`,
      );
    }
    canvas.add(
      `<rect class="net" x="${margin}" y="${top}" width="${headWidth}" height="${boxHeight}" rx="8" ${fallback}/>`,
    );
    canvas.lines(margin + 12, top + 18, lines);
  });
}

/** Who publishes ports, or is on the host's network, is on the world's lane too. */
function isUser(stack: MapStack, networkId: string): boolean {
  if (networkId !== "") return stack.attachments.some((one) => one.networkId === networkId);
  return isOnHost(stack) || portWords(stack.attachments).length > 0;
}

function drawColumn(
  canvas: SvgCanvas,
  { stack, x, boxWidth }: Column,
  { lanes, base }: { readonly lanes: readonly Lane[]; readonly base: number },
): void {
  const lines = stackLines(stack);
  const own = lanes.filter(({ networkId }) => networkId !== "" && isUser(stack, networkId));
  const [world] = lanes;
  const first = isOnHost(stack) ? world : own[0];
  canvas.group(`data-stack="${stackKey(stack)}"${stackClass(stack)}`, stackTitle(stack), () => {
    if (first !== undefined) canvas.add(`<path class="wire" d="M${x} ${first.y} V${base}" stroke="#8a99a8"/>`);
    if (world !== undefined && isOnHost(stack)) drawDot(canvas, x, world);
    if (world !== undefined && first !== undefined) drawPorts(canvas, { stack, x, from: world.y, to: first.y });
    for (const lane of own) {
      drawDot(canvas, x, lane);
      const addresses = textsBeside(stack, lane.networkId);
      canvas.lines(
        x + textBeside,
        lane.y + 20,
        addresses.map((text) => ({ text, font: "mono" })),
      );
    }
    const drift = stack.drifts.length > 0 ? " drift" : "";
    canvas.add(
      `<rect class="box${drift}" x="${x - boxWidth / 2}" y="${base}" width="${boxWidth}" height="${lines.length * LINE_HEIGHT + 12}" rx="7" fill="#fff" stroke="#8a99a8"/>`,
    );
    canvas.lines(
      x,
      base + 18,
      lines.map(({ extra = [], ...line }) => ({ ...line, extra: [...extra, "middle"] })),
    );
  });
}

function drawDot(canvas: SvgCanvas, x: number, { y, hue, networkId }: Lane): void {
  const world = networkId === "" ? " world" : "";
  canvas.add(
    `<circle class="dot${world}" ${hueAttributes(hue)} cx="${x}" cy="${y}" r="6.5" fill="hsl(${hue},50%,45%)"/>`,
  );
}

/** From the world down to where the container is first attached. */
function drawPorts(
  canvas: SvgCanvas,
  { stack, x, from, to }: { readonly stack: MapStack; readonly x: number; readonly from: number; readonly to: number },
): void {
  const ports = portWords(stack.attachments);
  if (ports.length === 0) return;
  canvas.add(`<path class="arrow way" d="M${x} ${from} V${to - 10}" stroke="#b42318"/>`);
  canvas.add(`<path class="arrow" d="M${x - 4} ${to - 17} l4 8 l4 -8" stroke="#b42318"/>`);
  canvas.lines(
    x + textBeside,
    from + 20,
    ports.map((text) => ({ text, font: "mono", extra: ["port"] })),
  );
}
