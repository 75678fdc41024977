import { Flags } from "@oclif/core";
import { printableJson } from "../errors/printable.js";
import { eventKeys } from "../filters/event-filter.js";
import { makeFilter } from "../filters/filters.js";
import { parseInstant } from "../filters/instant.js";
import { dockerEvent } from "../presenters/docker-event.js";
import { eventFormat } from "../presenters/event-line.js";
import { filterFlag, timeForms } from "./definitions.js";
import { optional } from "./optional.js";
import { TsdCommand } from "./tsd-command.js";

export default class Events extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description =
    "Prints what happens to containers, networks, images and volumes, a line each in docker's words, until it is interrupted. With --json also the steps in between, in tsd's words. Filters: container, event, image, label, network, scope, type, volume.";
  static readonly filterKeys = Object.keys(eventKeys);
  static override examples = [
    "<%= config.bin %> events",
    "<%= config.bin %> events --since 1h --until 10m --filter container=www",
    "<%= config.bin %> events --filter type=network --format '{{.Action}} {{.Actor.Attributes.name}}'",
    "<%= config.bin %> events --all --no-follow --format json",
  ];
  static override flags = {
    all: Flags.boolean({ char: "a", description: "Print what is in the log, too." }),
    "no-follow": Flags.boolean({ description: "End with the log." }),
    since: Flags.string({ description: `Print what is in the log from then on: ${timeForms}.`, helpValue: "TIME" }),
    until: Flags.string({ description: "End with what happened up to then, likewise.", helpValue: "TIME" }),
    filter: filterFlag,
    format: Flags.string({
      description:
        "Print each with a template such as '{{.Type}} {{.Action}} {{.Actor.ID}}', or json for docker's fields.",
      helpValue: "TEMPLATE",
      exclusive: ["json"],
    }),
    json: Flags.boolean({ description: "Print a line of JSON for each, with tsd's own fields and steps." }),
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Events);
    const now = this.surroundings.now();
    const at = (flag: "since" | "until") => {
      const text = flags[flag];
      return optional(flag, text === undefined ? undefined : parseInstant(flag, text, now));
    };
    const matches = makeFilter(flags.filter, eventKeys, undefined);
    const format = eventFormat(flags.format);
    const options = { all: flags.all, follow: !flags["no-follow"], ...at("since"), ...at("until") };
    await this.withTsd(async (tsd) => {
      for await (const change of tsd.system.events(options)) {
        const event = dockerEvent(change);
        if (flags.filter !== undefined && (event === undefined || !matches(event))) continue;
        if (flags.json) this.print(`${printableJson(change)}\n`);
        else if (event !== undefined) this.print(format(event));
      }
    });
  }
}
