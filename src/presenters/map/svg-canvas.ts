import { escapeMarkup } from "./escape-markup.js";
import { hues } from "./network-hue.js";
import type { Font } from "./text-size.js";

/** The kinds of text in a picture. */
export const fonts = {
  name: { size: 13, bold: true },
  small: { size: 11 },
  mono: { size: 11, mono: true },
} as const satisfies Readonly<Record<string, Font>>;

/** A line of text; `extra` are more classes of its style. */
export interface Line {
  readonly text: string;
  readonly font: keyof typeof fonts;
  readonly extra?: readonly ("alert" | "port" | "middle")[];
}

/** Pixels from one line of a box to the next. */
export const LINE_HEIGHT = 16;

/**
 * Colours are custom properties, which dark mode replaces, and what a renderer without them shows is in attributes. The hue of a
 * network is its own property. It is the same in each picture, so a page can allow it by its hash.
 */
export const mapStyle = `
:root,svg{--bg:#fff;--ink:#1b2733;--dim:#5a6978;--wire:#8a99a8;--box:#fff;--port:#b42318;--tint:95%;--deep:42%;--sat:60%}
@media (prefers-color-scheme:dark){:root,svg{--bg:#12161c;--ink:#e6edf3;--dim:#9aa9b8;--wire:#66758a;--box:#1b222b;--port:#ff8f80;--tint:15%;--deep:62%;--sat:42%}}
text{font-family:ui-sans-serif,system-ui,"DejaVu Sans",sans-serif;fill:var(--ink);white-space:pre}
.name{font-size:13px;font-weight:600}.small{font-size:11px;fill:var(--dim)}
.mono{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:11px}
.middle{text-anchor:middle}.port{fill:var(--port)}.alert{fill:var(--port);font-weight:600}
.bg{fill:var(--bg)}.box{fill:var(--box);stroke:var(--wire)}.box.drift{stroke:var(--port);stroke-width:2}
.wire{stroke:var(--wire);stroke-width:1.5;fill:none}.arrow{stroke:var(--port);stroke-width:1.5;fill:none}.way{stroke-dasharray:4 3}.head{fill:var(--port)}
.net{fill:hsl(var(--h) var(--sat) var(--tint));stroke:hsl(var(--h) var(--sat) var(--deep))}
.lane{stroke:hsl(var(--h) var(--sat) var(--deep));stroke-width:5;stroke-linecap:round;stroke-linejoin:round;fill:none}.inside{stroke-dasharray:1 9}
.dot{fill:hsl(var(--h) var(--sat) var(--deep));stroke:var(--bg);stroke-width:2}
.world{--sat:6%}.off{opacity:.5}.elsewhere .box{stroke-dasharray:5 3}.elsewhere .name{font-weight:400}
${hues.map((hue) => `[data-hue="${hue}"]{--h:${hue}}`).join("")}`.trim();

/** Collects the elements of a picture, in pixels from its left and upper edge. */
export class SvgCanvas {
  private readonly elements: string[] = [];

  /** `attributes` are written as they are. */
  add(element: string): void {
    this.elements.push(element);
  }

  text(x: number, y: number, { text, font, extra = [] }: Line): void {
    this.add(`<text x="${x}" y="${y}" class="${[font, ...extra].join(" ")}">${escapeMarkup(text)}</text>`);
  }

  /** One below the other, each of its own kind. */
  lines(x: number, y: number, lines: readonly Line[]): void {
    lines.forEach((line, index) => {
      this.text(x, y + index * LINE_HEIGHT, line);
    });
  }

  /** A group whose tooltip is `title`. */
  group(attributes: string, title: string, draw: () => void): void {
    this.add(`<g ${attributes}>${title === "" ? "" : `<title>${escapeMarkup(title)}</title>`}`);
    draw();
    this.add("</g>");
  }

  /** The whole document. */
  finish(width: number, height: number, label: string): string {
    const size = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`;
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="${escapeMarkup(label)}">`,
      `<style>${mapStyle}</style>`,
      `<rect class="bg" width="${width}" height="${height}" rx="10" fill="#fff"/>`,
      ...this.elements,
      "</svg>",
      "",
    ].join("\n");
  }
}

/** Attributes of what has a network's colour. A page that allows no style attributes shows it too. */
export function hueAttributes(hue: number): string {
  return `data-hue="${hue}"`;
}
