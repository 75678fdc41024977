import { Flags } from "@oclif/core";
import { serve } from "../../engine-api/serve.js";
import { printable } from "../../errors/printable.js";
import { VERSION } from "../../version.js";
import { optionalArgument } from "../definitions.js";
import { parseSeconds } from "../flag-values.js";
import { optional } from "../optional.js";
import { serviceAddress } from "../service-address.js";
import { TsdCommand } from "../tsd-command.js";

export default class SystemService extends TsdCommand {
  static override description =
    "Serves docker's clients by docker's Engine API, until it is stopped by SIGTERM or SIGINT. Who can connect to the socket can become root on this machine. Containers run on when it ends. docker finds it by DOCKER_HOST=unix:///run/tsd/docker.sock.";
  static override examples = [
    "<%= config.bin %> system service",
    "<%= config.bin %> system service --time 60 unix:///run/docker.sock",
    "<%= config.bin %> system service --time 300 fd://",
    "<%= config.bin %> system service --tlsverify --tlscacert ca.pem --tlscert cert.pem --tlskey key.pem tcp://192.0.2.1:2376",
  ];
  static override args = {
    address: optionalArgument(
      "unix:// and a path, by default unix:///run/tsd/docker.sock; fd:// for the socket that systemd passes; or tcp://ADDRESS:PORT for clients that show a certificate.",
    ),
  };
  static override flags = {
    time: Flags.string({
      char: "t",
      description: "End after so many seconds without a request; 0, as without the flag, to stay.",
      helpValue: "SECONDS",
    }),
    group: Flags.string({
      description: "A group whose members may connect too, by its name or number; they can become root.",
      helpValue: "GROUP",
    }),
    tlscacert: Flags.string({
      description: "The authority that certificates of clients by tcp:// must come from.",
      helpValue: "FILE",
    }),
    tlscert: Flags.string({ description: "The certificate that clients by tcp:// see.", helpValue: "FILE" }),
    tlskey: Flags.string({ description: "Its key, which root alone may read.", helpValue: "FILE" }),
    tlsverify: Flags.boolean({ description: "Accepted as dockerd's: clients by tcp:// are always verified." }),
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(SystemService);
    const { env } = this.surroundings;
    const text = args.address ?? `unix://${env.TSD_RUN || "/run/tsd"}/docker.sock`;
    const { group, tlscacert, tlscert, tlskey } = flags;
    const address = serviceAddress(text, { group, tlscacert, tlscert, tlskey }, this.surroundings);
    const seconds = flags.time === undefined ? 0 : parseSeconds(flags.time, "300, or 0 to stay");
    await serve({
      address,
      version: VERSION,
      ...optional("idle", seconds > 0 && Number.isFinite(seconds) ? seconds * 1000 : undefined),
      open: (options) => this.surroundings.open(options),
      report: (line) => this.printError(`tsd: ${printable(line)}\n`),
      started: () =>
        this.print(
          `${"path" in address ? `unix://${printable(address.path)}` : printable(text)} serves docker's API\n`,
        ),
      stop: new Promise<void>((resolve) => {
        this.surroundings.onSignal((signal) => {
          if (["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"].includes(signal)) resolve();
        });
      }),
    });
  }
}
