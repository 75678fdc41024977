import { HostLease } from "./host-lease.js";
import { NetworkFollower } from "./network-follower.js";
import type { Surroundings } from "./surroundings.js";

/** Milliseconds between two looks at this host's own state. */
const LOOK = 500;
/** Milliseconds in which the cluster is told that this host ends. */
const FAREWELL = 500;

/** One membership of this host in a cluster, from its first network here to its last. */
export class Session {
  readonly followers = new Map<string, NetworkFollower>();
  private readonly stopping = new AbortController();
  private readonly lease: HostLease;

  constructor(private readonly surroundings: Surroundings) {
    this.lease = new HostLease(surroundings);
    void this.lease.keep(this.stopping.signal);
    void this.look();
  }

  get epoch(): string {
    return this.surroundings.membership.epoch;
  }

  follow(id: string): NetworkFollower {
    const found = this.followers.get(id) ?? new NetworkFollower(this.surroundings, id);
    this.followers.set(id, found);
    return found;
  }

  /** Once settled, nothing of these networks is changed any more. */
  async leave(ids: readonly string[]): Promise<void> {
    const leaving = ids.flatMap((id) => this.followers.get(id) ?? []);
    for (const id of ids) this.followers.delete(id);
    await Promise.all(leaving.map((follower) => follower.stop()));
  }

  async end(): Promise<void> {
    const { clock, state } = this.surroundings;
    await this.leave([...this.followers.keys()]);
    this.stopping.abort();
    const farewell = (async () => {
      await this.lease.end();
      await state[Symbol.asyncDispose]();
    })();
    await Promise.race([farewell.catch(() => undefined), clock.sleep(FAREWELL, new AbortController().signal)]);
  }

  /** Endpoints come and go by other processes, which ask the agent for nothing. */
  private async look(): Promise<void> {
    const { clock, local } = this.surroundings;
    const { signal } = this.stopping;
    for (let known: unknown; !signal.aborted; await clock.sleep(LOOK, signal)) {
      const version = local.version();
      if (version !== known) for (const follower of this.followers.values()) follower.tell();
      known = version;
    }
  }
}
