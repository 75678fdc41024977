import { Flags } from "@oclif/core";
import { printable } from "../../errors/printable.js";
import { TsdError } from "../../errors/tsd-error.js";
import { type PageAddress, servePage } from "../../page/serve.js";
import { absolutePath } from "../absolute-path.js";
import { optionalArgument } from "../definitions.js";
import { optional } from "../optional.js";
import { TsdCommand } from "../tsd-command.js";

export default class SystemPage extends TsdCommand {
  static override description =
    "Serves a page with the map of the host, its traffic, who reaches whom, what differs from what tsd made, and events, until it is stopped by SIGTERM or SIGINT. The page changes by itself, and changes nothing on the host, except that it finishes or undoes what commands that died left, as each command does. Its address has a token, which is another one at each start.";
  static override examples = [
    "<%= config.bin %> system page",
    "<%= config.bin %> system page 127.0.0.1:0",
    "<%= config.bin %> system page unix:///run/page.sock",
  ];
  static override args = {
    address: optionalArgument(
      "unix:// and a path, by default unix:///run/tsd/page.sock; or 127.0.0.1:PORT or [::1]:PORT, 0 for any port.",
    ),
  };
  static override flags = {
    group: Flags.string({
      description: "A group whose members may connect to the socket too, by its name or number.",
      helpValue: "GROUP",
    }),
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(SystemPage);
    const { env } = this.surroundings;
    const address = this.addressOf(args.address ?? `unix://${env.TSD_RUN || "/run/tsd"}/page.sock`, flags.group);
    await servePage({
      address,
      open: (options) => this.surroundings.open(options),
      report: (line) => this.printError(`tsd: ${printable(line)}\n`),
      started: (at) => this.print(whereItIs(address, at)),
      stop: new Promise<void>((resolve) => {
        this.surroundings.onSignal((signal) => {
          if (["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"].includes(signal)) resolve();
        });
      }),
    });
  }

  private addressOf(text: string, group: string | undefined): PageAddress {
    const [, host, port] = /^(127\.0\.0\.1|\[::1\]):(\d{1,5})$/.exec(text) ?? [];
    if (host !== undefined && Number(port) <= 65_535) {
      if (group !== undefined) throw groupOfPort(group);
      return { host: host === "127.0.0.1" ? host : "::1", port: Number(port) };
    }
    const path = text.startsWith("unix://") ? text.slice("unix://".length) : "";
    if (path === "") throw unknownAddress(text);
    return { path: absolutePath(path, this.surroundings), ...optional("group", group) };
  }
}

function whereItIs(address: PageAddress, at: { readonly path: string; readonly port?: number }): string {
  if ("host" in address) {
    return `http://${address.host === "::1" ? "[::1]" : address.host}:${at.port}${at.path}\n`;
  }
  const socket = printable(address.path);
  return `unix://${socket} serves the page; by ssh -L 8080:${socket} it is http://localhost:8080${at.path}\n`;
}

function groupOfPort(group: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_FLAG_INVALID",
    message: `--group "${group}" does not fit a port, which programs of every user of this machine can connect to`,
    hint: "Leave --group out, or write unix:// and a path.",
    details: { value: group },
  });
}

function unknownAddress(text: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_PAGE_ADDRESS",
    message: `the page cannot be served at "${text}"`,
    hint: "Write unix:// and a path, 127.0.0.1:PORT or [::1]:PORT; from other machines it is reached by ssh -L.",
    details: { address: text },
  });
}
