import type { FileChange } from "../api/index.js";
import { printable } from "../errors/printable.js";
import { argument } from "./definitions.js";
import { jsonFlag, TsdCommand } from "./tsd-command.js";

/** docker's letters. */
const letters: Readonly<Record<FileChange["kind"], string>> = { added: "A", changed: "C", deleted: "D" };

export default class Diff extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description =
    "Prints each path that a container has added (A), changed (C) or deleted (D), and its image has otherwise.";
  static override examples = ["<%= config.bin %> diff www", "<%= config.bin %> diff --json www"];
  static override args = { container: argument("Name or id of a container.") };
  static override flags = jsonFlag;

  override async run(): Promise<readonly FileChange[]> {
    const { args } = await this.parse(Diff);
    const changes = await this.withTsd((tsd) => tsd.containers.changes(args.container));
    return this.show(changes, changes.map(({ kind, path }) => `${letters[kind]} ${printable(path)}\n`).join(""));
  }
}
