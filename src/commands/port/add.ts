import { type PortMap, portLines } from "../../presenters/port-list.js";
import { changedPorts } from "../changed-ports.js";
import { argument, severalArguments } from "../definitions.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class PortAdd extends TsdCommand {
  static override description = "Publishes more ports of a running container, all or none, and prints where.";
  static override examples = [
    "<%= config.bin %> port add www 8443:443",
    "<%= config.bin %> port add www 127.0.0.1:5353:53/udp 9000-9009:9000-9009",
  ];
  static override args = {
    container: argument("Name or id of a container."),
    port: severalArguments("[[IP:]HOST:]CONTAINER[/PROTOCOL], as after run --publish; may be several."),
  };
  static override flags = changeFlags;

  override async run(): Promise<PortMap> {
    const { args } = await this.parse(PortAdd);
    const map = await this.withTsd(async ({ containers }) => {
      const added = await containers.publish(args.container, args.port);
      return changedPorts(added, containers.inspect(args.container));
    });
    return this.show(map, portLines(map));
  }
}
