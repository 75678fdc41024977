import type { PortBinding } from "../../api/index.js";
import { portLines } from "../../presenters/port-list.js";
import { argument, severalArguments } from "../definitions.js";
import { jsonFlag, TsdCommand } from "../tsd-command.js";

export default class PortRm extends TsdCommand {
  static override description =
    "Takes publications of a running container away, named as -p or by the container's port alone.";
  static override examples = ["<%= config.bin %> port rm www 443", "<%= config.bin %> port rm www 8443:443 53/udp"];
  static override args = {
    container: argument("Name or id of a container."),
    ports: severalArguments("Ports as after -p."),
  };
  static override flags = jsonFlag;

  override async run(): Promise<readonly PortBinding[]> {
    const { args } = await this.parse(PortRm);
    const ports = await this.withTsd((tsd) => tsd.containers.unpublish(args.container, args.ports));
    return this.show(ports, portLines(ports));
  }
}
