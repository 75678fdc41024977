import type { ElsewhereQuestion, FoundElsewhere } from "../contracts/index.js";
import type { Failure, Served } from "../service/messages.js";
import type { Work } from "../service/service-process.js";
import { Session } from "./session.js";
import type { Surroundings } from "./surroundings.js";
import { wordsOf } from "./words-of.js";

/** Milliseconds that a command waits for a network's first reading; the command waits a little longer for its reply. */
const PATIENCE = 2000;
/** Milliseconds for one that was followed before, whose peers are there. */
const SHORT = 200;
const LATE = new Error(`the cluster's state did not reply within ${PATIENCE / 1000} s`);

export interface AgentOptions {
  /** Of this host's membership; undefined where it is in no cluster. */
  readonly epoch: () => string | undefined;
  /** Throws where this host is in no cluster. */
  readonly open: () => Surroundings;
  /** The host is kept alive in its cluster without networks too. */
  readonly stays?: boolean;
}

/** Follows networks that span hosts; subjects are their ids. */
export class Agent implements Work {
  private session: Session | undefined;

  constructor(private readonly options: AgentOptions) {}

  get size(): number {
    return this.session?.followers.size ?? 0;
  }

  /**
   * Follows each. One that was followed before is served at once: its peers are there, whatever becomes of the way to the cluster's
   * state. Of any other a command is told that it cannot be followed.
   */
  async begin(subjects: readonly string[]): Promise<readonly Failure[]> {
    if (subjects.length === 0 && !this.options.stays) return [];
    try {
      const session = await this.join();
      const failures = await Promise.all(subjects.map((id) => this.follow(session, id)));
      return failures.flatMap((failure) => failure ?? []);
    } catch (error) {
      return subjects.map((subject) => ({ subject, ...wordsOf(error) }));
    }
  }

  async end(subjects: readonly string[]): Promise<void> {
    await this.session?.leave(subjects);
    if (this.size === 0 && !this.options.stays) await this.leave();
  }

  list(subjects: readonly string[]): readonly Served[] {
    const served = [...(this.session?.followers.keys() ?? [])];
    const asked = subjects.length === 0 ? served : subjects.filter((id) => served.includes(id));
    return asked.map((subject) => ({ subject, isIntact: true }));
  }

  /** See {@link Elsewhere}. */
  async reply(subject: string, question: unknown): Promise<FoundElsewhere> {
    const follower = this.session?.followers.get(subject);
    if (follower === undefined) throw new Error("the network is not followed");
    return await follower.find(question as ElsewhereQuestion);
  }

  /** Gives up all networks, and says that this host is not alive any more. */
  async leave(): Promise<void> {
    const { session } = this;
    this.session = undefined;
    await session?.end();
  }

  private async join(): Promise<Session> {
    if (this.session?.epoch !== this.options.epoch()) await this.leave();
    this.session ??= new Session(this.options.open());
    return this.session;
  }

  private async follow(session: Session, id: string): Promise<Failure | undefined> {
    const follower = session.follow(id);
    const { wasFollowed } = follower;
    const patience = wasFollowed ? SHORT : PATIENCE;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<unknown>((resolve) => {
      timer = setTimeout(resolve, patience, LATE);
    });
    const failure = await Promise.race([follower.first, late]);
    clearTimeout(timer);
    // Where the state replies and there is only much to do, containers reach one host after the other.
    if (failure === undefined || wasFollowed || (failure === LATE && follower.hasRead)) return undefined;
    await session.leave([id]);
    return { subject: id, ...wordsOf(failure) };
  }
}
