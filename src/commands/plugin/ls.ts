import type { Plugin } from "../../api/index.js";
import { renderList } from "../../presenters/list-view.js";
import { pluginRow, pluginView } from "../../presenters/plugin-list.js";
import { listFlags } from "../definitions.js";
import { TsdCommand } from "../tsd-command.js";

export default class PluginLs extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description = "Lists plug-ins that tsd plugin add installed. Loads none.";
  static override examples = [
    "<%= config.bin %> plugin ls",
    "<%= config.bin %> plugin ls --format '{{.Name}} {{.Drivers}}'",
  ];
  static override flags = listFlags;

  override async run(): Promise<readonly Plugin[]> {
    const { flags } = await this.parse(PluginLs);
    const plugins = await this.withTsd((tsd) => tsd.plugins.list());
    return this.show(plugins, renderList(plugins.map(pluginRow), pluginView, { ...flags, colour: this.colour }));
  }
}
