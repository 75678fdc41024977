import { absolutePath } from "../absolute-path.js";
import { argument } from "../definitions.js";
import type { PluginProject } from "../plugin-project.js";
import { jsonFlag, TsdCommand } from "../tsd-command.js";

export default class PluginNew extends TsdCommand {
  static override description =
    "Writes the project of a network driver into a new folder: a driver that works, its test, and how to go on. Needs no root.";
  static override examples = [
    "<%= config.bin %> plugin new my-driver",
    "<%= config.bin %> plugin new my-driver && <%= config.bin %> plugin add ./my-driver",
  ];
  static override args = {
    name: argument("Lower-case letters, digits and '-', a letter first: of folder, package and driver."),
  };
  static override flags = jsonFlag;

  override async run(): Promise<PluginProject> {
    const { args } = await this.parse(PluginNew);
    const { writePluginProject } = await import("../plugin-project.js");
    const project = writePluginProject(args.name, absolutePath(args.name, this.surroundings));
    return this.show(project, project.files.map((file) => `${args.name}/${file}\n`).join(""));
  }
}
