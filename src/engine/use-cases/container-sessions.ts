import type {
  CommandResult,
  ExecOptions,
  ExecSpec,
  ForegroundOptions,
  LogLine,
  LogOptions,
  TerminalSize,
} from "../../api/index.js";
import type { Leaving } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";
import type { ContainerExit } from "../lifecycle/container-exit.js";
import type { Caller, Started } from "../lifecycle/container-starter.js";
import type { RunFollower } from "../lifecycle/run-follower.js";
import { parseDetachKeys } from "../requests/detach-keys.js";
import { noteExec } from "../rows/note-exec.js";
import { requireRunning } from "../rows/require-running.js";
import type { Adaptations } from "../updates/adaptations.js";
import { collectOutput, type Ended } from "./collected-output.js";
import { isPaused, noSize, withoutLog } from "./container-errors.js";

/** The kernel keeps 16 bits of each side (ioctl_tty(2)). */
const LONGEST_SIDE = 0xffff;

interface Others {
  readonly containerExit: Pick<ContainerExit, "exitCode">;
  readonly follower: Pick<RunFollower, "follow">;
  readonly adaptations: Pick<Adaptations, "follow">;
}

/** What a caller says to a container that runs, and hears from it. */
export class ContainerSessions {
  constructor(
    private readonly parts: Pick<Parts, "store" | "processes" | "runtime">,
    private readonly others: Others,
  ) {}

  /** Starts a container with the caller's streams, and waits for its end. One that is left is its supervisor's. */
  inForeground(options: ForegroundOptions, start: (caller: Caller) => Promise<Started>): Promise<CommandResult> {
    const { input = true, onStart } = options;
    const leaving = leavingOf(options);
    return collectOutput(options.streams, async (streams) => {
      const caller = { streams, input, leaving };
      const exitCode = await this.others.follower.follow(await start(caller), caller, onStart);
      return exitCode === "left" ? left : { exitCode };
    });
  }

  /** See {@link Containers.attach}. */
  async attach(ref: string, options: ForegroundOptions = {}): Promise<CommandResult> {
    const { input = true, onStart } = options;
    const leaving = leavingOf(options);
    const { container } = requireRunning(this.parts, ref);
    if (container.paused) throw isPaused(container);
    const { id, spec } = container;
    const runtime = await this.parts.runtime();
    const wanted = { id, tty: spec.tty ?? false, interactive: (spec.interactive ?? false) && input };
    return collectOutput(options.streams, async (streams) => {
      const attachment = await runtime.attach(wanted, streams, leaving);
      onStart?.(container);
      if ((await attachment.pump()) === "left") return left;
      return { exitCode: await this.others.containerExit.exitCode(container) };
    });
  }

  async exec(ref: string, spec: ExecSpec, { streams, ...options }: ExecOptions = {}): Promise<CommandResult> {
    const leaving = leavingOf(options);
    const { container } = requireRunning(this.parts, ref);
    if (container.paused) throw isPaused(container);
    await this.others.adaptations.follow();
    const runtime = await this.parts.runtime();
    return collectOutput(streams, async (own, full) => {
      const signals = [options.signal, full].filter((signal) => signal !== undefined);
      const ending = signals.length === 0 ? {} : { signal: AbortSignal.any(signals) };
      const { onStart, onCommand } = options;
      const heard = { ...(onStart && { onStart }), ...(onCommand && { onCommand }) };
      const noted = noteExec(this.parts.store, container, spec);
      const exitCode = await runtime.exec(container.id, spec, { ...heard, ...ending, leaving, streams: own });
      if (exitCode === "left") return left;
      noted.ended(exitCode);
      return { exitCode };
    });
  }

  async execDetached(ref: string, spec: ExecSpec): Promise<void> {
    const { container } = requireRunning(this.parts, ref);
    if (container.paused) throw isPaused(container);
    await this.others.adaptations.follow();
    await (await this.parts.runtime()).execDetached(container.id, spec);
    noteExec(this.parts.store, container, spec);
  }

  /** See {@link Containers.resize}. */
  async resize(ref: string, size: TerminalSize): Promise<void> {
    for (const value of [size.rows, size.columns]) {
      if (!(Number.isInteger(value) && value >= 0 && value <= LONGEST_SIDE)) throw noSize(size);
    }
    const { container } = requireRunning(this.parts, ref);
    (await this.parts.runtime()).resize(container.id, size);
  }

  async *logs(ref: string, options: LogOptions = {}): AsyncIterable<LogLine> {
    const { container } = this.parts.store.containers.resolve(ref);
    if (container.spec.log?.driver === "none") throw withoutLog(container);
    yield* (await this.parts.runtime()).logs(container.id, options);
  }
}

const left: Ended = { exitCode: 0, detached: true };

function leavingOf({ detachKeys, leave }: Pick<ForegroundOptions, "detachKeys" | "leave">): Leaving {
  return { keys: parseDetachKeys(detachKeys), ...(leave === undefined ? {} : { signal: leave }) };
}
