import { Config, type Interfaces } from "@oclif/core";
import { VERSION } from "../version.js";

/**
 * What oclif must know of the program to parse a command and to explain it. oclif's own `Config.load` looks for
 * commands, plug-ins, hooks and a theme on disk, which costs more than everything else a command does.
 */
export class CliConfig extends Config {
  constructor() {
    super({ root: "/" });
    this.bin = "tsd";
    this.name = "tsd";
    this.version = VERSION;
    this.userAgent = `tsd/${VERSION} node-${process.version}`;
    this.platform = "linux";
    this.topicSeparator = " ";
    this.pjson = { name: "tsd", version: VERSION, oclif: { bin: "tsd" } };
  }

  /** tsd has no oclif hooks, and so no plug-in to look for them in. */
  override async runHook<T extends keyof Interfaces.Hooks, P extends Interfaces.Hooks = Interfaces.Hooks>(): Promise<
    Interfaces.Hook.Result<P[T]["return"]>
  > {
    return { failures: [], successes: [] };
  }
}
