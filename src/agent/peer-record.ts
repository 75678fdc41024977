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
  /** Undefined before the first time; an id without a peer is one that something failed for, which may be there or not. */
  private known: Map<string, Peer | undefined> | undefined;
  private failures: unknown[] = [];
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
   * Brings `wanted` about, at the cost of what differs, where the ids are given among these alone. Returns what failed, after all else is
   * done, and what failed before and was not tried again. Does nothing any more once the signal is aborted.
   */
  async become(wanted: KnownPeers, ids?: Iterable<string>): Promise<readonly unknown[]> {
    const isKnown = this.known !== undefined;
    const known = this.known ?? new Map<string, Peer | undefined>(byId(this.parts.present()));
    this.known = known;
    if (!isKnown) this.failures = [];
    for (const step of stepsOf(peerDiff(known, wanted, isKnown ? ids : undefined))) {
      await this.inOrder(() => this.parts.changer.change(this.networkId, step)).then(
        () => take(known, step),
        (error) => {
          this.failures.push(error);
          for (const id of idsOf(step)) known.set(id, undefined);
        },
      );
      await turn();
    }
    if (!isKnown)
      await this.inOrder(() => this.parts.changer.follow(this.networkId, [...wanted.values()])).catch((error) =>
        this.failures.push(error),
      );
    return this.failures;
  }

  private async inOrder(change: () => Promise<void>): Promise<void> {
    if (this.signal.aborted) return;
    this.changing = change();
    await this.changing;
  }
}

function take(known: Map<string, Peer | undefined>, { put, gone }: PeerDiff): void {
  for (const id of gone) known.delete(id);
  for (const peer of put) known.set(peer.id, peer);
}

function idsOf({ put, gone }: PeerDiff): readonly string[] {
  return [...put.map(({ id }) => id), ...gone];
}

/** Removals come first: one peer may get what another had. */
function* stepsOf({ put, gone }: PeerDiff): Generator<PeerDiff> {
  const count = put.length + gone.length;
  if (count > 0 && count <= AT_ONCE) yield { put, gone };
  if (count <= AT_ONCE) return;
  for (let at = 0; at < gone.length; at += AT_ONCE) yield { put: [], gone: gone.slice(at, at + AT_ONCE) };
  for (let at = 0; at < put.length; at += AT_ONCE) yield { put: put.slice(at, at + AT_ONCE), gone: [] };
}
