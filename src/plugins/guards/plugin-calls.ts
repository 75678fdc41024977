import { types } from "node:util";
import { callWithin } from "../../contracts/haste.js";
import { TsdError } from "../../errors/tsd-error.js";
import { boundedCall, boundedWait } from "../bounded-call.js";
import { malformed } from "../returned/malformed.js";
import { inPluginScope, type PluginScope } from "./plugin-scope.js";
import { failure, thrownError } from "./thrown.js";

/** Milliseconds that third-party code may take: one call until it returns, and what it returned until it is settled. */
export interface CallBounds {
  readonly call: number;
  readonly wait: number;
}

const customaryBounds: CallBounds = { call: 5000, wait: 60_000 };

/** What is called of a plug-in. */
export interface Verb {
  /** As its contract calls it: `network`. */
  readonly verb: string;
  /** What it belongs to: `driver "ptp"`. Absent for the plug-in itself. */
  readonly of?: string;
}

/** Makes a value of tsd's own of an answer. Throws {@link malformed}. */
export type ReadAnswer<T> = (answer: unknown) => T;

/**
 * Calls of one plug-in's code. Whatever happens in it, the caller gets a value that was read, or a {@link TsdError} that names
 * plug-in and verb, within a bounded time.
 */
export class PluginCalls {
  constructor(
    private readonly plugin: string,
    private readonly warn: (text: string) => void,
    private readonly bounds: CallBounds = customaryBounds,
  ) {}

  /** A verb that returns at once. */
  call<T>(verb: Verb, work: () => unknown, read: ReadAnswer<T>): T {
    const call = this.begin(verb);
    const bounds = { what: `${call.subject}: it`, milliseconds: this.bounds.call };
    try {
      return inPluginScope(call, () => boundedCall(() => call.read(call.attempt(work), valueBy(read)), bounds));
    } finally {
      call.end();
    }
  }

  /** Work that bounds itself and has words for what fails, such as loading: it cannot end the process, nor move it. */
  enclose<T>(verb: Verb, work: () => T): T {
    const call = this.begin(verb);
    try {
      return inPluginScope(call, work);
    } catch (error) {
      throw call.refusal ?? error;
    } finally {
      call.end();
    }
  }

  /** Reads what the plug-in is, by a check that has words for what is wrong with it. */
  check<T>(value: unknown, check: (value: unknown) => T): T {
    const call = this.begin({ verb: "load" });
    const bounds = { what: `${call.subject}: it`, milliseconds: this.bounds.call };
    try {
      return inPluginScope(call, () => boundedCall(() => check(value), bounds));
    } catch (error) {
      throw TsdError.is(error, "plugin") ? error : thrownError(error, call);
    } finally {
      call.end();
    }
  }

  /** A verb that may return a promise. */
  wait<T>(verb: Verb, work: () => unknown, read: ReadAnswer<T>): Promise<T> {
    return callWithin(this.plugin, this.bounds.wait, (milliseconds) => this.waitFor(verb, work, read, milliseconds));
  }

  private async waitFor<T>(verb: Verb, work: () => unknown, read: ReadAnswer<T>, milliseconds: number): Promise<T> {
    const call = this.begin(verb);
    const bounds = { what: `${call.subject}: it`, milliseconds };
    try {
      const settled = inPluginScope(call, () => boundedCall(() => settle(Promise.resolve(call.attempt(work))), bounds));
      const outcome = await inPluginScope(call, () => boundedWait(Promise.race([settled, call.failed]), bounds));
      return inPluginScope(call, () => boundedCall(() => call.read(call.attempt(outcome), read), bounds));
    } finally {
      call.end();
    }
  }

  private begin({ verb, of }: Verb): OpenCall {
    const plugin = `plug-in "${this.plugin}"`;
    return new OpenCall(of ?? plugin, `${plugin}, verb ${verb}${of === undefined ? "" : `, ${of}`}`, this.warn);
  }
}

/** The outcome as a function, so that a race between promises leaves both kinds alike. */
function settle(promise: Promise<unknown>): Promise<() => unknown> {
  return promise.then(
    (value) => () => value,
    (thrown: unknown) => () => {
      throw thrown;
    },
  );
}

function valueBy<T>(read: ReadAnswer<T>): ReadAnswer<T> {
  return (answer) => {
    if (!types.isPromise(answer)) return read(answer);
    answer.catch(() => undefined);
    throw malformed("a promise, where a value is expected");
  };
}

/** A call under way, and what becomes of failures in it. */
class OpenCall implements PluginScope {
  /** Rejects with the first failure outside of the call's own promise. */
  readonly failed: Promise<never>;
  private reject: (error: TsdError) => void = () => undefined;
  refusal: TsdError | undefined;
  private isOver = false;
  private readonly exitCode = process.exitCode;

  constructor(
    readonly name: string,
    readonly subject: string,
    private readonly warn: (text: string) => void,
  ) {
    this.failed = new Promise((_, reject) => {
      this.reject = reject;
    });
    this.failed.catch(() => undefined);
  }

  fail(thrown: unknown): void {
    if (thrown === this.refusal) return;
    const error = thrownError(thrown, this);
    this.note(error);
  }

  refuse(what: string): TsdError {
    const error = failure(this.subject, what);
    this.note(error);
    return error;
  }

  attempt(work: () => unknown): unknown {
    let answer: unknown;
    try {
      answer = work();
    } catch (thrown) {
      throw this.refusal ?? thrownError(thrown, this);
    }
    // The plug-in went on after it was refused something.
    if (this.refusal !== undefined) throw this.refusal;
    return answer;
  }

  read<T>(answer: unknown, read: ReadAnswer<T>): T {
    try {
      return read(answer);
    } catch (error) {
      throw this.wrong(error);
    }
  }

  wrong(error: unknown): TsdError {
    return TsdError.is(error, "plugin") ? this.named(error) : failure(this.subject, "what it returned cannot be read");
  }

  /** The exit code is the command's to say. */
  end(): void {
    this.isOver = true;
    process.exitCode = this.exitCode;
  }

  private note(error: TsdError): void {
    if (this.isOver) this.warn(`${error.message}, after the call had ended`);
    this.refusal ??= error;
    this.reject(error);
  }

  private named({ code, message, hint }: TsdError): TsdError {
    return new TsdError({
      kind: "plugin",
      code,
      message: `${this.subject}: ${message}`,
      hint: hint ?? "Report this to the author of the plug-in.",
    });
  }
}
