import { existsSync } from "node:fs";
import { Flags } from "@oclif/core";
import type { Plugin } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { caseLines, verificationSummary } from "../../presenters/verification.js";
import type { CaseResult } from "../../testing/index.js";
import { absolutePath } from "../absolute-path.js";
import { argument, repeated } from "../definitions.js";
import { jsonFlag, TsdCommand } from "../tsd-command.js";

function brings({ drivers, natBackends, ipam }: Plugin, name: string): boolean {
  return [drivers, natBackends, ipam].some((names) => Object.hasOwn(names, name));
}

export default class PluginVerify extends TsdCommand {
  protected override readonly leftWork = "leave";
  static override description =
    "Verifies a plug-in by the suite that tsd's own drivers and packet filters pass: in namespaces of its own, so that the machine stays as it is. Exits with 1 where a case fails.";
  static override examples = [
    "<%= config.bin %> plugin verify ./driver.ts",
    "<%= config.bin %> plugin verify bridge --chapter options --chapter lists",
    "<%= config.bin %> plugin verify ./my-plugin --long --json",
  ];
  static override args = {
    plugin: argument(
      "A file, a folder with a package.json, or the name of a plug-in that is installed, or of a driver of tsd's own.",
    ),
  };
  static override flags = {
    chapter: Flags.string({
      ...repeated,
      description: "Only chapters with this word in their title.",
      helpValue: "WORD",
    }),
    long: Flags.boolean({ description: "Kill tsd at every step, and not at a few of them. Takes minutes." }),
    ...jsonFlag,
  };

  override async run(): Promise<readonly CaseResult[]> {
    const { args, flags } = await this.parse(PluginVerify);
    const { verifyExtension } = await import("../../testing/index.js");
    const path = absolutePath(args.plugin, this.surroundings);
    const module = existsSync(path) ? path : ((await this.installedAt(args.plugin)) ?? args.plugin);
    const results: CaseResult[] = [];
    const options = { long: flags.long, ...(flags.chapter === undefined ? {} : { chapters: flags.chapter }) };
    for await (const result of verifyExtension(module, options)) {
      if (!flags.json) this.print(caseLines(result, results.at(-1)));
      results.push(result);
    }
    const passed = results.every(({ outcome }) => outcome !== "failed");
    this.show({ passed, results }, verificationSummary(results));
    this.exitWith(passed ? 0 : 1);
    return results;
  }

  /** Where the files of the installed plug-in are that is called so, or brings what is. Only root may look. */
  private async installedAt(name: string): Promise<string | undefined> {
    try {
      return await this.withTsd(async ({ plugins }) => {
        const found = plugins.list().find((plugin) => plugin.name === name || brings(plugin, name));
        return found === undefined ? undefined : `${(await plugins.inspect(found.name)).path}/${found.entry}`;
      });
    } catch (error) {
      if (TsdError.is(error, "permission")) return undefined;
      throw error;
    }
  }
}
