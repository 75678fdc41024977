import type { LayerProgress, PulledImage, PullOptions, Tsd } from "../api/index.js";
import { printable } from "../errors/printable.js";
import { layerLine, pullingFrom } from "../presenters/pull-progress.js";
import type { Surroundings } from "./surroundings.js";

/** Milliseconds between two drawings. */
const INTERVAL = 100;
/** Erase the whole line (ECMA-48). */
const eraseLine = "\r\u001b[2K";

/** Where progress goes. */
export interface Display {
  readonly surroundings: Surroundings;
  /** Standard output for `pull`, standard error for `run`, whose output is the container's. */
  readonly descriptor: 1 | 2;
}

interface Outlet {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  /** Of the terminal. */
  readonly columns: () => number;
}

/** Pulls an image and shows how far each layer is: on a terminal a line for each, which is drawn again; else a line a step. */
export async function pullVisibly(
  { images }: Tsd,
  reference: string,
  options: Omit<PullOptions, "onProgress" | "onFound">,
  display: Display,
): Promise<PulledImage> {
  const outlet = outletOf(display);
  const onFound = (found: string) => outlet.write(`${pullingFrom(found)}\n`);
  if (!outlet.isTerminal) {
    const onProgress = (progress: LayerProgress) => {
      if (progress.status !== "downloading") outlet.write(`${layerLine(progress, Number.POSITIVE_INFINITY)}\n`);
    };
    return images.pull(reference, { ...options, onFound, onProgress });
  }
  const board = new Board(outlet, display.surroundings);
  try {
    return await images.pull(reference, { ...options, onFound, onProgress: (progress) => board.note(progress) });
  } finally {
    board.draw();
  }
}

function outletOf({ surroundings, descriptor }: Display): Outlet {
  const write = (text: string): void =>
    descriptor === 1 ? surroundings.writeOut(text) : surroundings.writeError(text);
  return {
    write,
    isTerminal: surroundings.isTerminal(descriptor),
    columns: () => surroundings.columns(descriptor),
  };
}

/** docker's words before it fetches an image that was not here. */
export function reportMissing(image: string, { writeError }: Surroundings): void {
  writeError(`Unable to find image '${printable(image)}' locally\n`);
}

/** Lines of layers, in the order in which they came up, on a terminal. */
class Board {
  private readonly layers = new Map<string, LayerProgress>();
  private shown = 0;
  private drawn = 0;

  constructor(
    private readonly outlet: Outlet,
    private readonly surroundings: Surroundings,
  ) {}

  note(progress: LayerProgress): void {
    const isSame = this.layers.get(progress.layer)?.status === progress.status;
    this.layers.set(progress.layer, progress);
    if (isSame && this.surroundings.now() - this.drawn < INTERVAL) return;
    this.draw();
  }

  draw(): void {
    const width = this.outlet.columns() - 1;
    const up = this.shown === 0 ? "" : `\u001b[${this.shown}A`;
    const lines = [...this.layers.values()].map((progress) => `${eraseLine}${layerLine(progress, width)}\n`);
    this.outlet.write(up + lines.join(""));
    this.shown = lines.length;
    this.drawn = this.surroundings.now();
  }
}
