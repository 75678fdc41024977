import { Keys } from "../cluster/records/keys.js";
import type { ClusterLease } from "../contracts/index.js";
import { standingOf } from "./own/standing.js";
import { backOff, jittered } from "./pace.js";
import type { Surroundings } from "./surroundings.js";

/** Seconds that others take a host for alive after it last said so. */
const SECONDS = 30;
/** Milliseconds between two times that it says so. */
const EVERY = 10_000;

/** Says that this host is alive, as long as its agent runs. Nothing depends on it but what people and `cluster rm` are told. */
export class HostLease {
  private readonly keys: Keys;
  private lease: ClusterLease | undefined;

  constructor(private readonly surroundings: Surroundings) {
    this.keys = new Keys(surroundings.membership.cluster);
  }

  async keep(signal: AbortSignal): Promise<void> {
    const { clock } = this.surroundings;
    for (let failures = 0; !signal.aborted; ) {
      try {
        await this.renew();
        failures = 0;
      } catch {
        // The networks' followers note why the state cannot be reached.
        failures++;
      }
      const pause = failures === 0 ? EVERY : Math.min(EVERY, backOff(failures, 0.5));
      await clock.sleep(jittered(pause, clock.random()), signal);
    }
  }

  /** Others see at once that it is not alive any more. */
  async end(): Promise<void> {
    await this.lease?.revoke();
    this.lease = undefined;
  }

  private async renew(): Promise<void> {
    if (this.lease !== undefined && (await this.lease.keepAlive())) return;
    this.lease = undefined;
    const { state, membership } = this.surroundings;
    const key = this.keys.host(membership.host);
    const own = (await state.read(key)).records.find((record) => record.key === key);
    // A host that has lost its record writes it again first; another of its name is not said to be alive by this one.
    if (own === undefined || standingOf(membership, own.value).is !== "ours") return;
    const lease = await state.lease(SECONDS);
    const { committed } = await state.commit({
      require: [{ key, modified: own.modified }],
      put: [{ key: this.keys.aliveHost(membership.host), value: JSON.stringify(membership.epoch), lease: lease.id }],
      remove: [],
    });
    if (committed) this.lease = lease;
    else await lease.revoke();
  }
}
