import { Flags } from "@oclif/core";
import { type Address, serve } from "../../engine-api/serve.js";
import { printable } from "../../errors/printable.js";
import { TsdError } from "../../errors/tsd-error.js";
import { VERSION } from "../../version.js";
import { absolutePath } from "../absolute-path.js";
import { optionalArgument } from "../definitions.js";
import { parseSeconds } from "../flag-values.js";
import { optional } from "../optional.js";
import { TsdCommand } from "../tsd-command.js";
import { groupNumber } from "./group-number.js";

/** The first descriptor that systemd passes, sd_listen_fds(3). */
const FIRST_PASSED = 3;

export default class SystemService extends TsdCommand {
  static override description =
    "Serves docker's clients by docker's Engine API, until it is stopped by SIGTERM or SIGINT. Who can connect to the socket can become root on this machine. Containers run on when it ends. docker finds it by DOCKER_HOST=unix:///run/tsd/docker.sock.";
  static override examples = [
    "<%= config.bin %> system service",
    "<%= config.bin %> system service --time 60 unix:///run/docker.sock",
    "<%= config.bin %> system service --time 300 fd://",
  ];
  static override args = {
    address: optionalArgument(
      "unix:// and a path, by default unix:///run/tsd/docker.sock; or fd:// for the socket that systemd passes.",
    ),
  };
  static override flags = {
    time: Flags.string({
      char: "t",
      description: "End after so many seconds without a request; 0, as without the flag, to stay.",
      helpValue: "SECONDS",
    }),
    group: Flags.string({
      description: "A group whose members may connect too, by its number; they can become root.",
      helpValue: "GID",
    }),
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(SystemService);
    const { env } = this.surroundings;
    const address = this.addressOf(args.address ?? `unix://${env.TSD_RUN || "/run/tsd"}/docker.sock`, flags.group);
    const seconds = flags.time === undefined ? 0 : parseSeconds(flags.time);
    await serve({
      address,
      version: VERSION,
      ...optional("idle", seconds > 0 && Number.isFinite(seconds) ? seconds * 1000 : undefined),
      open: (options) => this.surroundings.open(options),
      report: (line) => this.printError(`tsd: ${printable(line)}\n`),
      started: () =>
        this.print(`${"path" in address ? `unix://${printable(address.path)}` : "fd://"} serves docker's API\n`),
      stop: new Promise<void>((resolve) => {
        this.surroundings.onSignal((signal) => {
          if (["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"].includes(signal)) resolve();
        });
      }),
    });
  }

  private addressOf(text: string, group: string | undefined): Address {
    if (text === "fd://") {
      if (group !== undefined) throw groupOfPassed(group);
      return { fd: this.passedSocket() };
    }
    const path = text.startsWith("unix://") ? text.slice("unix://".length) : undefined;
    if (path === undefined || path === "") throw unknownAddress(text);
    return { path: absolutePath(path, this.surroundings), ...optional("group", groupNumber(group)) };
  }

  private passedSocket(): number {
    const { LISTEN_PID, LISTEN_FDS } = this.surroundings.env;
    if (Number(LISTEN_PID) === process.pid && LISTEN_FDS === "1") return FIRST_PASSED;
    const found = LISTEN_PID === undefined ? "none" : `${LISTEN_FDS ?? "none"} to process ${LISTEN_PID}`;
    throw new TsdError({
      kind: "invalid-input",
      code: "TSD_SERVICE_NO_SOCKET",
      message: `fd:// takes the one socket that systemd passes, and it passed ${found}`,
      hint: "Start tsd-docker.socket, or write unix:// and a path.",
      details: { pid: LISTEN_PID, descriptors: LISTEN_FDS },
    });
  }
}

function groupOfPassed(group: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_FLAG_INVALID",
    message: `--group "${group}" does not fit fd://: who may connect to a socket of systemd's is said where it is made`,
    hint: "Write SocketGroup= for tsd-docker.socket: systemctl edit tsd-docker.socket",
    details: { value: group },
  });
}

function unknownAddress(text: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_SERVICE_ADDRESS",
    message: `the service cannot listen on "${text}"`,
    hint: "Write unix:// and an absolute path, or fd://; anyone who could connect by TCP would be root.",
    details: { address: text },
  });
}
