import { inspectText } from "../../presenters/inspect-text.js";
import { pluginInspect } from "../../presenters/plugin-inspect.js";
import { inspectFlags, severalArguments } from "../definitions.js";
import { TsdCommand } from "../tsd-command.js";

export default class PluginInspect extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description =
    "Prints plug-ins as JSON: what they bring, who uses it, and whether their files are as they were added. Loads none.";
  static override examples = [
    "<%= config.bin %> plugin inspect my-driver",
    "<%= config.bin %> plugin inspect --format '{{json .Users}}' my-driver",
  ];
  static override args = { plugin: severalArguments("Name of a plug-in; may be several.") };
  static override flags = inspectFlags;

  override async run(): Promise<readonly unknown[]> {
    const { args, flags } = await this.parse(PluginInspect);
    const plugins = await this.withTsd((tsd) =>
      Promise.all(args.plugin.map(async (name) => pluginInspect(await tsd.plugins.inspect(name)))),
    );
    return this.show(plugins, inspectText(plugins, flags.format));
  }
}
