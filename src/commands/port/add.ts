import type { PortBinding } from "../../api/index.js";
import { portLines } from "../../presenters/port-list.js";
import { argument, severalArguments } from "../definitions.js";
import { jsonFlag, TsdCommand } from "../tsd-command.js";

export default class PortAdd extends TsdCommand {
  static override description = "Publishes ports of a running container, now and at its next starts.";
  static override examples = [
    "<%= config.bin %> port add www 8443:443",
    "<%= config.bin %> port add www 127.0.0.1:5353:53/udp 9000-9009:9000-9009",
  ];
  static override args = {
    container: argument("Name or id of a container."),
    ports: severalArguments("Ports as after -p."),
  };
  static override flags = jsonFlag;

  override async run(): Promise<readonly PortBinding[]> {
    const { args } = await this.parse(PortAdd);
    const ports = await this.withTsd((tsd) => tsd.containers.publish(args.container, args.ports));
    return this.show(ports, portLines(ports));
  }
}
