import type { NameViews } from "../contracts/index.js";
import { processes } from "../kernel/process-identity.js";
import type { Redirect } from "../kernel/redirect/redirect.js";
import { createNameServer } from "../names/name-server.js";
import { ControlServer } from "./control-server.js";
import { Listeners } from "./listeners.js";
import type { Failure, Reply, Report, Request } from "./messages.js";
import type { ResolverPlace } from "./place.js";

/** Milliseconds for the command that started it to ask for its first namespace. */
const IDLE = 1000;

/** Milliseconds between two looks whether its files and its state are still there. */
const LOOK = 1000;

/** The identity of one that is to be replaced. */
const OUTDATED = "outdated";

/** What names mean, from a state that is open while it is asked. */
export interface OpenViews {
  readonly views: NameViews;
  /** False once what they say is of no use, since commands use another state. */
  isUsed(): boolean;
  /** False once the state is gone, or another: costs one look at the file. */
  isThere(): boolean;
  /** Closes the state until the next question. */
  close(): void;
}

export interface ServiceOptions {
  readonly place: ResolverPlace;
  readonly identity: string;
  readonly openViews: () => OpenViews;
  readonly redirect: Redirect;
  /** Receives one report: what has come of the start. */
  readonly report: (report: Report) => void;
  readonly exit: () => void;
}

/** The process in which names are answered, from its start to the last namespace's end. */
export class ResolverService {
  private readonly listeners: Listeners;
  private readonly control: ControlServer;
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private idle: NodeJS.Timeout | undefined;

  private constructor(
    private readonly options: ServiceOptions,
    private readonly state: OpenViews,
    private readonly release: () => void,
  ) {
    this.listeners = new Listeners(createNameServer(state.views), options.redirect);
    this.control = new ControlServer({
      answer: (request) => this.inTurn(() => this.answer(request)),
      release,
      exit: options.exit,
    });
  }

  /** Starts it where no other process is the resolver already. */
  static async start(options: ServiceOptions): Promise<void> {
    const state = options.openViews();
    const release = options.place.claim();
    if (release === undefined) {
      options.report({ state: "taken" });
      return options.exit();
    }
    await new ResolverService(options, state, release).run();
  }

  /**
   * It can be asked before the store is read. So a container that begins to end after that finds it, and one that began before is
   * in no list: none is listened for that is gone.
   */
  private async run(): Promise<void> {
    await this.control.listen(this.options.place.socket);
    await this.inTurn(() => this.listeners.listenIn(this.state.views.namespaces()));
    this.state.close();
    this.options.report({ state: "ready" });
    this.endIfIdle();
    setInterval(() => this.endIfLost(), LOOK).unref();
  }

  /** One whose files are removed can be asked by no command, and would stay. Another may have its place by now. */
  private endIfLost(): void {
    const { place, exit } = this.options;
    if (place.isOwn() && this.state.isThere()) return;
    if (place.isOwn()) this.release();
    exit();
  }

  private async answer({ verb, namespaces }: Request): Promise<Reply> {
    const failures = verb === "open" ? await this.open(namespaces) : [];
    if (verb === "close") await this.listeners.leave(namespaces);
    const isEnding = verb === "close" && this.isUnneeded();
    if (!isEnding) this.endIfIdle();
    const listening = verb === "list" ? this.listeners.list(namespaces) : [];
    const identity = this.isUseful() ? this.options.identity : OUTDATED;
    // The command that asked closes it last, and leaves one file.
    this.state.close();
    return { identity, process: processes.self(), listening, failures, isEnding };
  }

  /** The store decides: a container that has begun to end may have been closed for already, and would never be closed for again. */
  private async open(namespaces: readonly string[]): Promise<readonly Failure[]> {
    const listed = new Set(this.state.views.namespaces());
    const ended = namespaces.filter((netns) => !listed.has(netns));
    const failures = await this.listeners.listenIn(namespaces.filter((netns) => listed.has(netns)));
    return [...ended.map((netns) => ({ netns, message: "no container that runs has it" })), ...failures];
  }

  private isUseful(): boolean {
    try {
      // Views forget what has gone.
      this.state.views.namespaces();
      return this.state.isUsed();
    } catch {
      return false;
    }
  }

  /** Nobody has asked for something else in the meantime. */
  private isUnneeded(): boolean {
    return this.listeners.size === 0 && this.waiting === 1;
  }

  private endIfIdle(): void {
    clearTimeout(this.idle);
    if (this.listeners.size > 0) return;
    this.idle = setTimeout(() => {
      if (this.listeners.size > 0 || this.waiting > 0) return;
      this.control.stop();
      this.release();
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
