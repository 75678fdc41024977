import type { ProcessList } from "../api/index.js";
import { renderTable } from "../presenters/table.js";
import { argument, remainingArguments } from "./definitions.js";
import { jsonFlag, TsdCommand } from "./tsd-command.js";

export default class Top extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description =
    "Lists the processes of a running container, with the pids that they have on the host. Options of ps(1) may follow.";
  static override examples = ["<%= config.bin %> top www", "<%= config.bin %> top www -eo pid,rss,args"];
  static override usage = "top CONTAINER [PS OPTIONS...]";
  static override strict = false;
  static override args = {
    container: argument("Name or id of a container."),
    options: remainingArguments("Options of ps, -ef unless said otherwise."),
  };
  static override flags = jsonFlag;

  override async run(): Promise<ProcessList> {
    const { args } = await this.parse(Top);
    const list = await this.withTsd((tsd) => tsd.containers.top(args.container, args.options));
    return this.show(list, renderTable([list.titles, ...list.processes], { colour: this.colour }));
  }
}
