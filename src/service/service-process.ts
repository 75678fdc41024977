import { processes } from "../kernel/process-identity.js";
import { ControlServer } from "./control-server.js";
import { askedIdentity, type Failure, type Reply, type Report, type Request, type Served } from "./messages.js";
import type { ServicePlace } from "./place.js";

/** Milliseconds for the command that started it to ask for its first subject. */
const IDLE = 1000;

/** Milliseconds between two looks whether its files and its state are still there. */
const LOOK = 1000;

/** Subjects that the line of a start lists at most. */
const FEW = 16;

/** The identity of one that is to be replaced. */
const OUTDATED = "outdated";

/** What a service does, for as many subjects as are there. */
export interface Work {
  readonly size: number;
  /** Serves each, or makes sure that it does. One that is gone or refuses keeps it from no other. */
  begin(subjects: readonly string[]): Promise<readonly Failure[]>;
  /** Once settled, nothing of it is left. */
  end(subjects: readonly string[]): Promise<void>;
  /** Of those of `subjects` that it serves, or of all. */
  list(subjects: readonly string[]): readonly Served[];
  /** What it knows of a subject. Rejects where it does not know, and may be asked for much at once. */
  reply?(subject: string, question: unknown): Promise<unknown>;
}

/** What the store says, which is open while it is asked. */
export interface ServiceState {
  /** All that it is to serve. */
  subjects(): readonly string[];
  /** False once what it says is of no use, since commands use another state. */
  isUsed(): boolean;
  /** False once the state is gone, or another: costs one look at the file. */
  isThere(): boolean;
  /** Closes the state until the next question. */
  close(): void;
}

export interface ServiceOptions {
  readonly place: ServicePlace;
  readonly identity: string;
  readonly open: () => { readonly state: ServiceState; readonly work: Work };
  /** It goes on where it serves nothing. */
  readonly stays?: boolean;
  /** In words, why a subject is not served that the store does not list. */
  readonly unlisted: string;
  /** Receives one report: what has come of the start. */
  readonly report: (report: Report) => void;
  readonly exit: () => void;
}

/** A process that serves containers, from its start to the last subject's end. */
export class ServiceProcess {
  private readonly control: ControlServer;
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private idle: NodeJS.Timeout | undefined;

  private constructor(
    private readonly options: ServiceOptions,
    private readonly state: ServiceState,
    private readonly work: Work,
    private readonly release: () => void,
  ) {
    this.control = new ControlServer({
      answer: (request) => (request.verb === "ask" ? this.reply(request) : this.inTurn(() => this.answer(request))),
      release,
      exit: options.exit,
    });
  }

  /** Starts it, and returns it once it serves; undefined where another process is this service already. */
  static async start(options: ServiceOptions): Promise<ServiceProcess | undefined> {
    const { state, work } = options.open();
    const release = options.place.claim();
    if (release === undefined) {
      options.report({ state: "taken" });
      options.exit();
      return undefined;
    }
    const service = new ServiceProcess(options, state, work, once(release));
    await service.run();
    return service;
  }

  /** Takes no more requests, and leaves its place to another. */
  end(): void {
    this.control.stop();
    this.release();
  }

  /**
   * It can be asked before the store is read. So a container that begins to end after that finds it, and one that began before is
   * in no list: nothing is served that is gone.
   */
  private async run(): Promise<void> {
    await this.control.listen(this.options.place.socket);
    const served = await this.inTurn(() => this.beginAll());
    const identity = this.identity();
    this.state.close();
    this.options.report({ state: "ready", identity, ...(served.length <= FEW ? { served } : {}) });
    this.endIfIdle();
    setInterval(() => this.endIfLost(), LOOK).unref();
  }

  /** Serves what the store lists, and returns those with which it succeeds. */
  private async beginAll(): Promise<readonly string[]> {
    const subjects = this.state.subjects();
    const failed = new Set((await this.work.begin(subjects)).map(({ subject }) => subject));
    return subjects.filter((subject) => !failed.has(subject));
  }

  /** One whose files are removed can be asked by no command, and would stay. Another may have its place by now. */
  private endIfLost(): void {
    const { place, exit } = this.options;
    if (place.isOwn() && this.state.isThere()) return;
    if (place.isOwn()) this.release();
    exit();
  }

  private async answer({ verb, subjects }: Request): Promise<Reply> {
    const failures = verb === "open" ? await this.begin(subjects) : [];
    if (verb === "close") await this.work.end(subjects);
    const isEnding = verb === "close" && this.isUnneeded();
    if (!isEnding) this.endIfIdle();
    const served = verb === "list" ? this.work.list(subjects) : [];
    const identity = this.identity();
    // The command that asked closes it last, and leaves one file.
    this.state.close();
    return { identity, process: processes.self(), served, failures, isEnding };
  }

  /** Beside all else: a question waits for no command, and no command for it. */
  private async reply({ subjects: [subject = ""], question }: Request): Promise<Reply> {
    const identity = askedIdentity(this.options.identity);
    const reply = { identity, process: processes.self(), served: [], failures: [], isEnding: false };
    try {
      return { ...reply, found: await this.work.reply?.(subject, question) };
    } catch (error) {
      const message = String((error as { readonly message?: unknown } | undefined)?.message ?? error);
      return { ...reply, failures: [{ subject, message }] };
    }
  }

  /** The store decides: a container that has begun to end may have been closed for already, and would never be closed for again. */
  private async begin(subjects: readonly string[]): Promise<readonly Failure[]> {
    const listed = new Set(this.state.subjects());
    const ended = subjects.filter((subject) => !listed.has(subject));
    const failures = await this.work.begin(subjects.filter((subject) => listed.has(subject)));
    return [...ended.map((subject) => ({ subject, message: this.options.unlisted })), ...failures];
  }

  private identity(): string {
    return this.isUseful() ? this.options.identity : OUTDATED;
  }

  private isUseful(): boolean {
    try {
      // Views forget what has gone.
      this.state.subjects();
      return this.state.isUsed();
    } catch {
      return false;
    }
  }

  /** Nobody has asked for something else in the meantime. */
  private isUnneeded(): boolean {
    return this.work.size === 0 && this.waiting === 1 && !this.options.stays;
  }

  private endIfIdle(): void {
    clearTimeout(this.idle);
    if (this.work.size > 0 || this.options.stays) return;
    this.idle = setTimeout(() => {
      if (this.work.size > 0 || this.waiting > 0) return;
      this.end();
      this.options.exit();
    }, IDLE);
  }

  /** One request after the other: what is closed is not opened by one that came before. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.waiting++;
    const turn = this.last.then(work).finally(() => this.waiting--);
    this.last = turn.catch(() => undefined);
    return turn;
  }
}

/** A lock is released once: its descriptor may be another file's by then. */
function once(release: () => void): () => void {
  let isReleased = false;
  return () => {
    if (!isReleased) release();
    isReleased = true;
  };
}
