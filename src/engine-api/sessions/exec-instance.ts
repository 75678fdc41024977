import { randomBytes } from "node:crypto";
import { PassThrough, type Readable } from "node:stream";
import type { Containers, Streams, TerminalSize } from "../../api/index.js";
import { exitCodeBesideCommand } from "../../errors/exit-code.js";
import { refusal } from "../http/refusal.js";
import type { ExecRequest } from "../requests/exec-request.js";
import { LastingOutput } from "./lasting-output.js";

/** `left`: it runs on, and nobody sees its end. */
type State = "created" | "running" | "left" | "ended";

/** What an instance asks of tsd. */
type Executing = Pick<Containers, "exec">;

/** Another command of a container's, between the request that makes it and the last one that asks how it ended. */
export class ExecInstance {
  readonly id = randomBytes(32).toString("hex");
  private present: State = "created";
  private code: number | undefined;
  private process: number | undefined;
  private size: TerminalSize | undefined;
  private terminal: LastingOutput | undefined;

  constructor(
    /** Its id. */
    readonly container: string,
    readonly request: ExecRequest,
  ) {
    this.size = request.size;
  }

  get state(): State {
    return this.present;
  }

  /** Absent until it has ended. */
  get exitCode(): number | undefined {
    return this.code;
  }

  /** Its process id on the host, while its own program is seen to run: the number of one that has ended may be another process'. */
  get pid(): number | undefined {
    return this.process;
  }

  /** Throws 409 for one that has begun. */
  requireNew(): void {
    if (this.present !== "created") throw refusal(409, `exec command ${this.id} has already been started`);
  }

  /** Throws as {@link requireNew}. */
  begin(size: TerminalSize | undefined): void {
    this.requireNew();
    this.present = "running";
    this.size = size ?? this.size;
  }

  /** Kept for a command that has not begun. */
  resize(size: TerminalSize): void {
    this.size = size;
    this.terminal?.resize(size);
  }

  /**
   * Runs it to its end, or until `leave` is aborted or the detach keys are typed, and keeps how it ended. It runs on without the client,
   * which has gone once `left` is aborted. Throws where it could not be run.
   */
  async run(containers: Executing, streams: Streams, { left, leave, onCommand }: Surroundings): Promise<void> {
    const { spec, detachKeys } = this.request;
    const stdout = new LastingOutput(streams.stdout, left, spec.tty ?? false);
    if (spec.tty) {
      this.terminal = stdout;
      if (this.size !== undefined) stdout.resize(this.size);
    }
    const lasting = {
      ...(streams.stdin === undefined ? {} : { stdin: endingWith(streams.stdin) }),
      stdout,
      stderr: new LastingOutput(streams.stderr, left, false),
    };
    try {
      const ended = await containers.exec(
        this.container,
        { ...spec, id: this.id },
        {
          ...{ streams: lasting, leave },
          onCommand: (pid) => {
            this.process = pid;
            onCommand?.();
          },
          ...(detachKeys === undefined ? {} : { detachKeys }),
        },
      );
      this.present = ended.detached ? "left" : "ended";
      this.code = ended.detached ? undefined : ended.exitCode;
    } catch (error) {
      this.giveUp(error);
      throw error;
    } finally {
      // Nobody sees the end of one that is left.
      this.process = undefined;
      this.terminal = undefined;
    }
  }

  /** Ends one that has begun and could not be run. */
  giveUp(error: unknown): void {
    this.present = "ended";
    this.code = exitCodeBesideCommand(error);
  }
}

interface Surroundings {
  readonly left: AbortSignal;
  readonly leave: AbortSignal;
  /** Called once the command's own program is seen to run. */
  readonly onCommand?: () => void;
}

/** Input that is over, as a command sees it, when its source ends, fails or breaks. */
function endingWith(source: Readable): Readable {
  const input = new PassThrough();
  source.on("error", () => input.end());
  source.once("close", () => input.end());
  source.pipe(input);
  return input;
}
