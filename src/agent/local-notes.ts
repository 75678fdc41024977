import type { NetworkNotes, NetworkRecord } from "../contracts/index.js";
import { RETRY } from "./pace.js";
import { newsIn } from "./records/changeable.js";
import type { LocalNetwork } from "./records/local-network.js";
import type { Schedule } from "./schedule.js";
import type { LocalState } from "./surroundings.js";

interface Found {
  readonly value: NetworkRecord;
  /** Revision at which it was written. */
  readonly modified: number;
}

/** What the agent writes of a network on this host. What cannot be written, as on a full disk, is planned again. */
export class LocalNotes {
  /** Undefined where no process on this host has followed the network. */
  last: NetworkNotes | undefined;

  constructor(
    private readonly local: LocalState,
    private readonly id: string,
    private readonly schedule: Pick<Schedule<"note" | "blocks" | "record">, "plan" | "forget">,
  ) {
    this.last = local.notes(id);
  }

  keep(notes: NetworkNotes): void {
    if (JSON.stringify(notes) === JSON.stringify(this.last)) {
      this.schedule.forget("note");
      return;
    }
    this.attempt("note", () => {
      this.local.note(this.id, notes);
      this.last = notes;
    });
  }

  /** Does nothing where there are no notes. */
  change(part: Partial<NetworkNotes>): void {
    if (this.last !== undefined) this.keep({ ...this.last, ...part });
  }

  /** Containers get no address of these blocks. */
  lose({ network: { cluster } }: LocalNetwork, blocks: readonly string[]): void {
    if (blocks.join() === (cluster.lost ?? []).join()) this.schedule.forget("blocks");
    else this.attempt("blocks", () => this.local.loseBlocks(this.id, blocks));
  }

  /**
   * This host's part of the network is as its record says, unless a command here has changed the record since: this host sees that
   * later. A state that was put back has lost that change.
   */
  adopt({ network }: LocalNetwork, { value, modified }: Found, isPutBack: boolean): void {
    const isOlder = modified < (network.cluster.recorded ?? 0);
    const news = isOlder && !isPutBack ? undefined : (newsIn(value, network) ?? (isOlder ? network : undefined));
    if (news === undefined) this.schedule.forget("record");
    else this.attempt("record", () => this.local.adopt(this.id, news));
  }

  private attempt(what: "note" | "blocks" | "record", write: () => void): void {
    this.schedule.forget(what);
    try {
      write();
    } catch {
      this.schedule.plan(what, RETRY);
    }
  }
}
