import { setImmediate as turn } from "node:timers/promises";
import type { Peer } from "../api/index.js";
import { byId, type KnownPeers, type PeerDiff, peerDiff } from "./peers/peer-diff.js";
import type { PeerChanger } from "./surroundings.js";

/** Peers that are changed at once: in between, commands get replies. */
const AT_ONCE = 250;

interface Parts {
  readonly changer: PeerChanger;
  /** Peers that the network has, as rows say. */
  readonly present: () => readonly Peer[];
}

/** Peers of one network as this process has brought them about. */
export class PeerRecord {
  /** Undefined where it cannot know: before the first time, and after a failure. */
  private known: KnownPeers | undefined;
  private changing: Promise<void> = Promise.resolve();

  constructor(
    private readonly parts: Parts,
    private readonly networkId: string,
    private readonly signal: AbortSignal,
  ) {}

  /** Once settled, no change is under way. */
  get idle(): Promise<void> {
    return this.changing.catch(() => undefined);
  }

  /** Has the next change compare everything with what there is. */
  forget(): void {
    this.known = undefined;
  }

  /**
   * Brings `wanted` about, at the cost of what differs. Returns what failed, after all else is done. Does nothing any more once the
   * signal is aborted.
   */
  async become(wanted: KnownPeers): Promise<readonly unknown[]> {
    const { known } = this;
    const failures: unknown[] = [];
    this.known = undefined;
    const isWhole = known !== undefined;
    for (const step of stepsOf(known ?? byId(this.parts.present()), wanted)) {
      await this.inOrder(() => this.parts.changer.change(this.networkId, step)).catch((error) => failures.push(error));
      await turn();
    }
    if (!isWhole)
      await this.inOrder(() => this.parts.changer.follow(this.networkId, [...wanted.values()])).catch((error) =>
        failures.push(error),
      );
    if (failures.length === 0) this.known = wanted;
    return failures;
  }

  private async inOrder(change: () => Promise<void>): Promise<void> {
    if (this.signal.aborted) return;
    this.changing = change();
    await this.changing;
  }
}

/** Removals come first: one peer may get what another had. */
function* stepsOf(known: KnownPeers, wanted: KnownPeers): Generator<PeerDiff> {
  const { put, gone } = peerDiff(known, wanted);
  const count = put.length + gone.length;
  if (count > 0 && count <= AT_ONCE) yield { put, gone };
  if (count <= AT_ONCE) return;
  for (let at = 0; at < gone.length; at += AT_ONCE) yield { put: [], gone: gone.slice(at, at + AT_ONCE) };
  for (let at = 0; at < put.length; at += AT_ONCE) yield { put: put.slice(at, at + AT_ONCE), gone: [] };
}
