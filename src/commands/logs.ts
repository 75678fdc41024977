import { Flags } from "@oclif/core";
import { printableJson } from "../errors/printable.js";
import { parseInstant } from "../filters/instant.js";
import { argument, timeForms } from "./definitions.js";
import { parseTail } from "./flag-values.js";
import { optional } from "./optional.js";
import { jsonFlag, TsdCommand } from "./tsd-command.js";

export default class Logs extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description = "Prints what a container wrote, each stream to its own.";
  static override examples = [
    "<%= config.bin %> logs www",
    "<%= config.bin %> logs --follow --tail 10 www",
    "<%= config.bin %> logs --timestamps --since 10m www",
  ];
  static override args = { container: argument("Name or id of a container.") };
  static override flags = {
    follow: Flags.boolean({ char: "f", description: "Go on until the container ends." }),
    tail: Flags.string({ char: "n", description: "Only the last lines.", helpValue: "NUMBER", default: "all" }),
    since: Flags.string({ description: `Only what was written since then: ${timeForms}.`, helpValue: "TIME" }),
    until: Flags.string({ description: "Only what was written up to then, likewise.", helpValue: "TIME" }),
    details: Flags.boolean({ description: "Accepted for docker's sake: tsd keeps no further attributes of a line." }),
    timestamps: Flags.boolean({ char: "t", description: "Begin each line with its time." }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Logs);
    const tail = parseTail(flags.tail);
    const { writeOut, writeError } = this.surroundings;
    const now = this.surroundings.now();
    const since = flags.since === undefined ? undefined : parseInstant("since", flags.since, now);
    const until = flags.until === undefined ? undefined : parseInstant("until", flags.until, now);
    await this.withTsd(async (tsd) => {
      const lines = tsd.containers.logs(args.container, {
        follow: flags.follow,
        ...(tail === undefined ? {} : { tail }),
        ...optional("since", since),
        ...optional("until", until),
      });
      for await (const line of lines) {
        if (flags.json) writeOut(`${printableJson(line)}\n`);
        else
          (line.stream === "stdout" ? writeOut : writeError)(
            flags.timestamps ? `${line.time} ${line.text}` : line.text,
          );
      }
    });
  }
}
