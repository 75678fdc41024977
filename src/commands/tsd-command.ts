import { Command, Flags, type Interfaces } from "@oclif/core";
import type { LeftWork, Step, Tsd } from "../api/index.js";
import { wantsColour } from "../errors/colours.js";
import { joinFailures } from "../errors/join-failures.js";
import { printable, printableJson, printableText } from "../errors/printable.js";
import { describeSystemError } from "../errors/system-error.js";
import { TsdError } from "../errors/tsd-error.js";
import { type Look, lookOf } from "../presenters/look.js";
import { arrangeArguments } from "./argument-order.js";
import { plainSwitches } from "./optional-switch.js";
import { processSurroundings } from "./process-surroundings.js";
import type { Surroundings } from "./surroundings.js";

/** For commands that print data. */
export const jsonFlag = { json: Flags.boolean({ description: "Print the result as JSON." }) };

/** For commands that change something. */
export const changeFlags = {
  "dry-run": Flags.boolean({ description: "Change nothing, and print what would be done and sent, in its order." }),
  ...jsonFlag,
};

/**
 * What the commands of tsd share: one library object, opened where needed and closed behind; results on
 * standard output as text or JSON; docker's order of flags. `strict = false` marks a command that takes another
 * command line, whose flags are not its own.
 */
export abstract class TsdCommand extends Command {
  surroundings: Surroundings = processSurroundings;
  /** The command changes nothing, and its plan takes the place of its results. */
  protected dryRun = false;
  /** Lost state is given up. */
  protected forget = false;
  private json = false;
  /** What a command does at its start about work that dead ones left. */
  protected readonly leftWork: LeftWork = "finish";

  /** Opens tsd for the time of `work`; in a dry run, prints the plan of what it would do. */
  protected async withTsd<T>(work: (tsd: Tsd) => T | Promise<T>): Promise<T> {
    const steps: Step[] = [];
    const onWarning = (warning: string): void => this.printWarning(warning);
    const tsd = await this.surroundings.open({
      onWarning,
      forget: this.forget,
      leftWork: this.leftWork,
      ...(this.dryRun ? { dryRun: (step: Step) => steps.push(step) } : {}),
    });
    this.warnOf(tsd.unfinished);
    let isPlanned = false;
    try {
      const result = await work(tsd);
      isPlanned = this.dryRun;
      return result;
    } finally {
      tsd.close();
      // What fails half-way has done something, and undone it.
      if (isPlanned || steps.length > 0) await this.showPlan(steps);
    }
  }

  private async showPlan(steps: readonly Step[]): Promise<void> {
    const { planText } = await import("../presenters/plan.js");
    this.print(this.json ? jsonText(steps) : planText(steps));
  }

  /** One thing that cannot be finished must not keep a user from all others, nor from hearing of it. */
  private warnOf(error: unknown): void {
    if (error === undefined) return;
    const unfinished = describeSystemError(error);
    const why = TsdError.is(unfinished) ? unfinished.message : String(unfinished);
    const then = TsdError.is(unfinished, "plugin")
      ? "; tsd reload tries again at once, other commands after a minute"
      : "";
    this.printWarning(`what a dead process left half-done cannot be finished: ${why}${then}`);
  }

  private printWarning(warning: string): void {
    this.printError(`tsd: warning: ${printable(warning)}\n`);
  }

  /** Writes to standard output what any terminal can be shown. What a container wrote goes there otherwise. */
  protected print(text: string): void {
    this.surroundings.writeOut(printableText(text));
  }

  protected printError(text: string): void {
    this.surroundings.writeError(printableText(text));
  }

  /** Prints a result: `data` with `--json`, else `text`. Returns `data`. */
  protected show<T>(data: T, text: string): T {
    if (!this.dryRun) this.print(this.json ? jsonText(data) : text);
    return data;
  }

  /**
   * Does something for each of several things, and prints a line for each that returns a result. One that fails does not
   * keep the others from being done; at the end this throws what went wrong.
   */
  protected async forEachRef<T>(
    refs: readonly string[],
    act: (ref: string) => Promise<T | undefined>,
    line: (ref: string, result: T) => string = (ref) => ref,
  ): Promise<readonly T[]> {
    const results: T[] = [];
    const failures: unknown[] = [];
    for (const ref of refs) {
      try {
        const result = await act(ref);
        if (result === undefined) continue;
        results.push(result);
        if (!this.json && !this.dryRun) this.print(`${printable(line(ref, result))}\n`);
      } catch (error) {
        failures.push(describeSystemError(error));
      }
    }
    if (this.json) this.show(results, "");
    if (failures.length > 0) throw joinFailures(failures);
    return results;
  }

  /** Ends with the exit code of a container's command. */
  protected exitWith(code: number): number {
    return code === 0 ? code : this.exit(code);
  }

  /** See {@link wantsColour}. */
  protected get colour(): boolean {
    return wantsColour(this.surroundings.env, this.surroundings.isTerminal(1));
  }

  /** How results look: in colours and folded on a terminal, as they are elsewhere. */
  protected get look(): Look {
    const width = this.surroundings.isTerminal(1) ? this.surroundings.columns(1) : undefined;
    return lookOf({ colour: this.colour, width });
  }

  protected override async parse<
    F extends Interfaces.OutputFlags<F>,
    B extends Interfaces.OutputFlags<B>,
    A extends Interfaces.OutputArgs<A>,
  >(options: Interfaces.Input<F, B, A>): Promise<Interfaces.ParserOutput<F, B, A>> {
    const stopAtArgument = options.strict === false;
    const { words, switches } = arrangeArguments(this.argv, { flags: options.flags ?? {}, stopAtArgument });
    const parsed = await super.parse<F, B, A>(options, [...words]);
    // oclif leaves a boolean flag that was not given undefined, against its own types.
    const absent = Object.fromEntries(plainSwitches(options.flags ?? {}).map((name) => [name, false]));
    const flags = { ...absent, ...parsed.flags, ...Object.fromEntries(switches) };
    this.json = flags.json === true;
    this.dryRun = flags["dry-run"] === true;
    return { ...parsed, flags };
  }
}

function jsonText(data: unknown): string {
  return `${printableJson(data, 2)}\n`;
}
