import type { Tsd } from "../api/index.js";
import type { CommandClass } from "../cli/registry-entry.js";
import { TsdError } from "../errors/tsd-error.js";
import { argument } from "./definitions.js";
import { TsdCommand } from "./tsd-command.js";

/** podman's `NOUN exists NAME`: no word, and exit code 0 or 1. `find` throws `not-found`. */
export function existsCommand(noun: string, find: (tsd: Tsd, ref: string) => unknown): CommandClass {
  return class Exists extends TsdCommand {
    protected override readonly leftWork = "if-idle";
    static override description =
      `Ends with code 0 if a ${noun} of that name or id exists, and with 1 if not. Prints nothing.`;
    static override examples = [
      `<%= config.bin %> ${noun} exists web`,
      `<%= config.bin %> ${noun} exists web || echo "there is none"`,
    ];
    static override args = { [noun]: argument(`Name or id of a ${noun}.`) };

    override async run(): Promise<boolean> {
      const { args } = await this.parse(Exists);
      const exists = await this.withTsd((tsd) => isFound(() => find(tsd, String(args[noun]))));
      return exists || this.exit(1);
    }
  };
}

function isFound(find: () => unknown): boolean {
  try {
    find();
    return true;
  } catch (error) {
    if (TsdError.is(error, "not-found")) return false;
    throw error;
  }
}
