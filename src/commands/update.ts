import type { Container } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { severalArguments } from "./definitions.js";
import { parseRestartPolicy } from "./life-values.js";
import { lifeFlags } from "./new-container/life.js";
import { changeableLimitFlags, changedLimitsOf } from "./new-container/limits.js";
import { optional } from "./optional.js";
import { changeFlags, TsdCommand } from "./tsd-command.js";

export default class Update extends TsdCommand {
  static override description =
    "Changes limits of containers, at once where they run, and when they start again. Where one value cannot be had, none changes.";
  static override examples = [
    "<%= config.bin %> update --memory 1g --cpus 2 www",
    "<%= config.bin %> update --pids-limit 200 www db",
    "<%= config.bin %> update --restart unless-stopped www",
  ];
  static override args = { container: severalArguments("Name or id of a container; may be several.") };
  static override flags = { ...changeableLimitFlags, restart: lifeFlags.restart, ...changeFlags };

  override async run(): Promise<readonly Container[]> {
    const { args, flags } = await this.parse(Update);
    const changes = {
      ...changedLimitsOf(flags),
      ...optional("restart", flags.restart === undefined ? undefined : parseRestartPolicy(flags.restart)),
    };
    if (Object.keys(changes).length === 0) throw nothingToChange();
    return this.withTsd((tsd) => this.forEachRef(args.container, (ref) => tsd.containers.update(ref, changes)));
  }
}

function nothingToChange(): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_UPDATE_EMPTY",
    message: "nothing was given to change",
    hint: "Write for example tsd update --memory 1g NAME; tsd update --help lists them.",
  });
}
