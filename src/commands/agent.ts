import { spawn } from "node:child_process";
import { TsdError } from "../errors/tsd-error.js";
import { ownProgram } from "../installation.js";
import { TsdCommand } from "./tsd-command.js";

/** What the agent prints once, as a line of JSON. */
interface Report {
  readonly state: "ready" | "taken" | "failed";
  readonly message?: string;
}

export default class Agent extends TsdCommand {
  static override description =
    "Keeps networks that span hosts in line with the cluster, until it is stopped by SIGTERM or SIGINT. The first such network starts an agent by itself; this one takes its place, says what it finds, and stays while there are none.";
  static override examples = ["<%= config.bin %> agent", "systemctl enable --now tsd-agent.service"];

  override async run(): Promise<void> {
    await this.parse(Agent);
    const [file, ...args] = ownProgram("agent");
    // In a process of its own, whose memory is bounded as that of the one which starts by itself.
    const agent = spawn(file, [...args, "stay"], { stdio: ["ignore", "pipe", "inherit"] });
    const stopListening = this.surroundings.onSignal((signal) => agent.kill(signal));
    let report: Report | undefined;
    agent.stdout.setEncoding("utf8").on("data", (line: string) => {
      report = JSON.parse(line) as Report;
      if (report.state === "ready") this.print("the agent keeps the networks of this host in line with its cluster\n");
    });
    const end = await new Promise<{ readonly code: number | null; readonly signal: string | null }>(
      (resolve, reject) => {
        agent.once("error", reject);
        agent.once("close", (code, signal) => resolve({ code, signal }));
      },
    );
    stopListening();
    if (report?.state !== "ready") throw notStarted(report?.message ?? "another one was started at the same moment");
    if (end.code !== 0) throw ended(end.signal ?? `exit code ${end.code}`);
  }
}

function notStarted(why: string): TsdError {
  return new TsdError({
    kind: "runtime",
    code: "TSD_AGENT_NOT_STARTED",
    message: `the agent cannot be started: ${why}`,
    hint: "Join a cluster first where this host is in none: tsd cluster join",
  });
}

function ended(how: string): TsdError {
  return new TsdError({
    kind: "runtime",
    code: "TSD_AGENT_ENDED",
    message: `the agent ended by ${how}; containers reach the hosts that it knew`,
    hint: "Start it again: tsd agent",
  });
}
