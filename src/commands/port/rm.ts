import { type PortMap, portLines } from "../../presenters/port-list.js";
import { changedPorts } from "../changed-ports.js";
import { argument, severalArguments } from "../definitions.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class PortRm extends TsdCommand {
  static override description = "Ends publications of a running container, all or none, and prints which.";
  static override examples = ["<%= config.bin %> port rm www 443", "<%= config.bin %> port rm www 5353:53/udp 80"];
  static override args = {
    container: argument("Name or id of a container."),
    port: severalArguments("What was published, or the container's PORT[/PROTOCOL] alone; may be several."),
  };
  static override flags = changeFlags;

  override async run(): Promise<PortMap> {
    const { args } = await this.parse(PortRm);
    const map = await this.withTsd(async ({ containers }) => {
      const before = containers.inspect(args.container);
      return changedPorts(await containers.unpublish(args.container, args.port), before);
    });
    return this.show(map, portLines(map));
  }
}
