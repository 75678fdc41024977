import { Flags } from "@oclif/core";
import type { Container, RemovalOptions, Tsd } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { forgottenLines } from "../presenters/forgotten-lines.js";
import { severalArguments } from "./definitions.js";
import { changeFlags, TsdCommand } from "./tsd-command.js";

export default class Rm extends TsdCommand {
  static override description = "Removes containers with their files and logs.";
  static override examples = ["<%= config.bin %> rm www", "<%= config.bin %> rm --force www db"];
  static override args = { container: severalArguments("Name or id of a container; may be several.") };
  static override flags = {
    force: Flags.boolean({
      char: "f",
      description:
        "Kill those that run, and give up what only a plug-in removes that is gone; one that does not exist is no error.",
    }),
    volumes: Flags.boolean({ char: "v", description: "Remove their volumes that have no name, too." }),
    ...changeFlags,
  };

  override async run(): Promise<readonly Container[]> {
    const { args, flags } = await this.parse(Rm);
    const { force, volumes } = flags;
    return this.withTsd(async (tsd) => {
      const isMany = force && !volumes && args.container.length > 1;
      const gone = isMany ? await tsd.containers.removeTogether(args.container) : undefined;
      return this.forEachRef(args.container, (ref) => {
        const removed = gone?.get(ref);
        if (removed !== undefined) return Promise.resolve(removed);
        return this.remove(tsd, ref, { force, volumes }).catch((error: unknown) => {
          if (!force || !TsdError.is(error) || error.code !== "TSD_CONTAINER_NOT_FOUND") throw error;
          // As docker: said, and no failure.
          this.printError(`tsd: ${error.message}\n`);
          return undefined;
        });
      });
    });
  }

  private async remove(tsd: Tsd, ref: string, options: RemovalOptions): Promise<Container> {
    const removed = await tsd.containers.remove(ref, options);
    this.printError(forgottenLines(`container ${removed.name}`, removed));
    return removed;
  }
}
