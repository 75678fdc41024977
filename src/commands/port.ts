import { TsdError } from "../errors/tsd-error.js";
import { hostPort, type PortMap, portLines, portMap } from "../presenters/port-list.js";
import { argument, optionalArgument } from "./definitions.js";
import { jsonFlag, TsdCommand } from "./tsd-command.js";

export default class Port extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description =
    "Prints where a container's ports are published, or one of them. To change them, see port add and port rm; a container called add or rm goes behind --.";
  static override examples = [
    "<%= config.bin %> port www",
    "<%= config.bin %> port www 80",
    "<%= config.bin %> port www 53/udp",
  ];
  static override args = {
    container: argument("Name or id of a container."),
    port: optionalArgument("Port of the container, PORT[/PROTOCOL]."),
  };
  static override flags = jsonFlag;

  override async run(): Promise<PortMap> {
    const { args } = await this.parse(Port);
    const { endpoints } = await this.withTsd((tsd) => tsd.containers.inspect(args.container));
    const map = portMap(endpoints.map(({ endpoint }) => endpoint));
    if (args.port !== undefined) return this.showOne(map, args.port, args.container);
    return this.show(map, portLines(map));
  }

  private showOne(map: PortMap, wanted: string, container: string): PortMap {
    const key = wanted.includes("/") ? wanted.toLowerCase() : `${wanted}/tcp`;
    const hosts = map[key];
    if (hosts === undefined) throw notPublished(key, container);
    const lines = hosts.map(({ HostIp, HostPort }) => `${hostPort(HostIp, HostPort)}\n`);
    return this.show({ [key]: hosts }, lines.join(""));
  }
}

function notPublished(port: string, container: string): TsdError {
  return new TsdError({
    kind: "not-found",
    code: "TSD_PORT_NOT_PUBLISHED",
    message: `container "${container}" does not publish port ${port}`,
    hint: `See what it publishes: tsd port ${container}`,
    details: { container, port },
  });
}
