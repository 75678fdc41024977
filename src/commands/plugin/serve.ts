import { Flags } from "@oclif/core";
import { DIRECTORY, serve } from "../../adapters/docker/serve.js";
import { printable } from "../../errors/printable.js";
import { TsdError } from "../../errors/tsd-error.js";
import { absolutePath } from "../absolute-path.js";
import { TsdCommand } from "../tsd-command.js";

export default class PluginServe extends TsdCommand {
  static override description =
    "Serves docker as a network driver, until it is stopped by SIGTERM or SIGINT: networks that docker creates with it are networks of tsd's.";
  static override examples = [
    "<%= config.bin %> plugin serve",
    "<%= config.bin %> plugin serve --driver macvlan --name tsd-lan",
  ];
  static override flags = {
    driver: Flags.string({
      char: "d",
      description: "The driver of tsd's that networks get.",
      default: "bridge",
      helpValue: "NAME",
    }),
    name: Flags.string({
      description: "What docker calls it, as in docker network create -d NAME.",
      default: "tsd",
      helpValue: "NAME",
    }),
    socket: Flags.string({
      description: `The socket that docker is to find; by default ${DIRECTORY}/NAME.sock.`,
      helpValue: "PATH",
    }),
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(PluginServe);
    const { driver, name } = flags;
    const socket = flags.socket === undefined ? socketOf(name) : absolutePath(flags.socket, this.surroundings);
    await this.requireDriver(driver);
    const report = (line: string): void => this.printError(`tsd: ${printable(line)}\n`);
    await serve({
      socket,
      driver,
      open: (options) => this.surroundings.open(options),
      report,
      started: () => this.print(`${printable(socket)} serves driver ${printable(driver)}\n`),
      stop: new Promise<void>((resolve) => {
        // Another signal has no meaning here: a terminal that closes ends the service as well.
        this.surroundings.onSignal((signal) => {
          if (["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"].includes(signal)) resolve();
        });
      }),
    });
  }

  private async requireDriver(driver: string): Promise<void> {
    const { drivers } = await this.withTsd((tsd) => tsd.system.info());
    if (drivers.includes(driver)) return;
    throw new TsdError({
      kind: "invalid-input",
      code: "TSD_DRIVER_UNKNOWN",
      message: `there is no driver "${driver}"`,
      hint: `Drivers are: ${drivers.join(", ")}.`,
      details: { driver, drivers },
    });
  }
}

/** docker makes a path of the name of a driver. */
function socketOf(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(name)) return `${DIRECTORY}/${name}.sock`;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_DOCKER_NAME",
    message: `"${name}" is no name of a plug-in`,
    hint: "Use letters, digits, dots, hyphens and underscores, at most 64.",
    details: { name },
  });
}
