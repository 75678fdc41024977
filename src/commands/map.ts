import { writeFileSync } from "node:fs";
import { Flags } from "@oclif/core";
import type { HostMap } from "../api/index.js";
import { printableJson } from "../errors/printable.js";
import { plain } from "../presenters/look.js";
import { formatFor, type MapFormat, mapFormats } from "../presenters/map/map-formats.js";
import { absolutePath } from "./absolute-path.js";
import { jsonFlag, TsdCommand } from "./tsd-command.js";

const others = ["svg", "dot", "mermaid", "json"];

function formatFlag(description: string, name: string) {
  return Flags.boolean({ description, exclusive: others.filter((other) => other !== name) });
}

export default class MapCommand extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description =
    "Draws the host's networks with who is on them, their addresses and published ports: a tree, or a picture. What differs from what tsd made (tsd check) and what does not run are in it.";
  static override examples = [
    "<%= config.bin %> map",
    "<%= config.bin %> map -o networks.svg",
    "<%= config.bin %> map --dot | dot -Tpng > networks.png",
    "<%= config.bin %> map --mermaid",
  ];
  static override flags = {
    svg: formatFlag("Draw a picture, each network a lane; in the dark where its reader's page is.", "svg"),
    dot: formatFlag("Write text for Graphviz.", "dot"),
    mermaid: formatFlag("Write text for Mermaid.", "mermaid"),
    output: Flags.string({
      char: "o",
      description: "Write to a file, in the form that its name ends in: svg, dot, mmd, json or txt.",
      helpValue: "FILE",
    }),
    ...jsonFlag,
  };

  override async run(): Promise<HostMap> {
    const { flags } = await this.parse(MapCommand);
    const map = await this.withTsd((tsd) => tsd.system.map());
    const chosen = (["svg", "dot", "mermaid"] as const).find((name) => flags[name]);
    if (flags.output === undefined) return this.show(map, mapFormats[chosen ?? "tree"].render(map, this.look));
    const isJson = flags.json || (chosen === undefined && flags.output.endsWith(".json"));
    const text = isJson ? `${printableJson(map, 2)}\n` : textOf(map, chosen ?? formatFor(flags.output) ?? "tree");
    writeFileSync(absolutePath(flags.output, this.surroundings), text);
    return map;
  }
}

function textOf(map: HostMap, format: MapFormat): string {
  return mapFormats[format].render(map, plain);
}
