import { existsSync } from "node:fs";
import { Flags } from "@oclif/core";
import type { Plugins } from "../../api/index.js";
import { addedLine } from "../../presenters/plugin-added.js";
import { absolutePath } from "../absolute-path.js";
import { argument } from "../definitions.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

/** A word that npm would take for a path too, or that ends as one of the files that are plug-ins. */
const pathLike = /^\.{0,2}\/|^\.{1,2}$|\.(tgz|tar|tar\.gz|[cm]?[jt]s)$/;

export default class PluginAdd extends TsdCommand {
  static override description =
    "Installs a plug-in with what it depends on, or replaces one of the same name. It is loaded once, as root, in a process of its own; scripts of packages do not run.";
  static override examples = [
    "<%= config.bin %> plugin add ./my-driver",
    "<%= config.bin %> plugin add my-driver.ts",
    "<%= config.bin %> plugin add my-driver-1.0.0.tgz",
    "<%= config.bin %> plugin add my-driver@1.0.0",
  ];
  static override args = {
    source: argument("A folder with a package.json, a tarball, a .ts or .js file, or a package for npm to fetch."),
  };
  static override flags = {
    force: Flags.boolean({
      char: "f",
      description:
        "Replace a plug-in although networks use what the new version lacks; these can only be removed then.",
    }),
    ...changeFlags,
  };

  override async run(): ReturnType<Plugins["add"]> {
    const { args, flags } = await this.parse(PluginAdd);
    const source = this.sourceOf(args.source);
    const outcome = await this.withTsd((tsd) => tsd.plugins.add(source, { force: flags.force }));
    return this.show(outcome, addedLine(outcome));
  }

  /** A path is one that looks so, or leads to something. */
  private sourceOf(word: string): string {
    const isPath = (pathLike.test(word) && !word.includes("://")) || existsSync(`${word}/package.json`);
    return isPath ? absolutePath(word, this.surroundings) : word;
  }
}
