import { stayAsAgent } from "../agent-process.js";
import { printable } from "../errors/printable.js";
import { TsdCommand } from "./tsd-command.js";

export default class Agent extends TsdCommand {
  static override description =
    "Keeps networks that span hosts in line with the cluster, until it is stopped by SIGTERM or SIGINT. The first such network starts an agent by itself; this one takes its place, says what it finds, and stays while there are none.";
  static override examples = ["<%= config.bin %> agent", "<%= config.bin %> agent 2>>/var/log/tsd-agent.log"];

  override async run(): Promise<void> {
    await this.parse(Agent);
    await stayAsAgent({
      say: (line) => this.printError(`tsd agent: ${printable(line)}\n`),
      stop: new Promise<void>((resolve) => {
        this.surroundings.onSignal((signal) => {
          if (["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"].includes(signal)) resolve();
        });
      }),
    });
  }
}
