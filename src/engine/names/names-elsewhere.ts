import { monotonicTime } from "../../contracts/clock.js";
import type { Asked, Elsewhere, ElsewhereQuestion, NamedPeer } from "../../contracts/index.js";
import { AskingPace } from "./asking-pace.js";

/** By a name or an address. */
export type NameQuestion = Exclude<ElsewhereQuestion, { readonly first: number }>;

interface Asking {
  /** Id of the container that asks. */
  readonly asker: string;
  readonly networkId: string;
  /** It means something here already. */
  readonly isKnown: boolean;
}

/** What containers of other hosts are called, of which no row is here. */
export interface NamesElsewhere {
  find(asking: Asking, question: NameQuestion): readonly NamedPeer[] | Asked;
}

/** Milliseconds for which containers that were found count as there: one that moves is found at its other host after that. */
const PRESENT = 10_000;
/** Milliseconds for which none counts as there, where nothing else has the name. */
const ABSENT = 2000;
/** Milliseconds after a question that got no reply before it is asked again. */
const FAILED = 1000;
/** Milliseconds for which what was found is used where nothing more can be had: what could have changed it cannot be written either. */
const STALE = 3_600_000;
/** Questions of which the reply is kept: of those with one, and of those without, of which a container can make any number. */
const MOST_PRESENT = 2048;
const MOST_ABSENT = 1024;
/** Questions without a reply that are not asked again at once. */
const MOST_FAILED = 1024;
/** Of one reply: other hosts write what is in it. */
const MOST_ADDRESSES = 128;
const MOST_NAMES = 8;
/** Questions in flight: of all containers, and of one. */
const MOST_ASKED = 256;
const MOST_OF_ONE = 32;

interface Kept {
  readonly found: readonly NamedPeer[];
  readonly at: number;
  /** Since when it is used for want of a newer one. */
  readonly failedAt?: number;
}

/** Replies of other hosts for as long as they are true. One question is asked once at a time, and no container asks for much. */
export class KeptNames implements NamesElsewhere {
  private readonly present = new Map<string, Kept>();
  private readonly absent = new Map<string, Kept>();
  /** In flight. */
  private readonly asked = new Map<string, Asked>();
  private readonly failed = new Map<string, { readonly asked: Asked; readonly at: number }>();
  /** Questions in flight, by who asked. */
  private readonly waiting = new Map<string, number>();
  private readonly pace: AskingPace;

  constructor(
    private readonly elsewhere: Elsewhere,
    private readonly now: () => number = monotonicTime,
  ) {
    this.pace = new AskingPace(now);
  }

  find({ asker, networkId, isKnown }: Asking, question: NameQuestion): readonly NamedPeer[] | Asked {
    const key = `${networkId} ${JSON.stringify(question)}`;
    const kept = this.present.get(key) ?? this.absent.get(key);
    if (kept !== undefined && this.isTrue(kept, isKnown)) return kept.found;
    const former = this.former(key);
    const asked = this.asked.get(key) ?? this.lately(key) ?? this.ask(key, { asker, networkId, question });
    // The last question got no reply either: what there is waits for no other one.
    if (former !== undefined && (asked === undefined || former.failedAt !== undefined)) return former.found;
    return asked ?? refused();
  }

  private isTrue({ found, at, failedAt }: Kept, isKnown: boolean): boolean {
    const now = this.now();
    const lifetime = found.length > 0 || isKnown ? PRESENT : ABSENT;
    return now - at < lifetime || (failedAt !== undefined && now - failedAt < FAILED);
  }

  /** Undefined where too much is asked. */
  private ask(
    key: string,
    { asker, networkId, question }: Pick<Asking, "asker" | "networkId"> & { readonly question: NameQuestion },
  ): Asked | undefined {
    const waiting = this.waiting.get(asker) ?? 0;
    const isTooMuch = this.asked.size >= MOST_ASKED || waiting >= MOST_OF_ONE;
    if (isTooMuch || !this.pace.mayAsk(asker)) return undefined;
    this.waiting.set(asker, waiting + 1);
    const asked = this.elsewhere
      .find(networkId, question)
      .finally(() => {
        this.leave(asker);
        this.asked.delete(key);
      })
      .then(
        ({ endpoints }) => this.keep(key, { found: partOf(question, endpoints), at: this.now() }),
        (error: unknown) => {
          if (this.keepFormer(key)) return;
          this.failed.set(key, { asked, at: this.now() });
          dropOldest(this.failed, MOST_FAILED);
          throw error;
        },
      );
    // A container that has its reply from elsewhere waits for none of this.
    asked.catch(() => undefined);
    this.asked.set(key, asked);
    return asked;
  }

  /** What got no reply just now. */
  private lately(key: string): Asked | undefined {
    const failed = this.failed.get(key);
    if (failed !== undefined && this.now() - failed.at < FAILED) return failed.asked;
    this.failed.delete(key);
    return undefined;
  }

  /** What is used where there is no newer reply. */
  private former(key: string): Kept | undefined {
    const former = this.present.get(key);
    return former !== undefined && this.now() - former.at < STALE ? former : undefined;
  }

  private leave(asker: string): void {
    const left = (this.waiting.get(asker) ?? 0) - 1;
    if (left > 0) this.waiting.set(asker, left);
    else this.waiting.delete(asker);
  }

  private keep(key: string, kept: Kept): void {
    const [own, other, most] =
      kept.found.length > 0 ? [this.present, this.absent, MOST_PRESENT] : [this.absent, this.present, MOST_ABSENT];
    other.delete(key);
    own.delete(key);
    own.set(key, kept);
    dropOldest(own, most);
  }

  private keepFormer(key: string): boolean {
    const former = this.former(key);
    if (former !== undefined) this.present.set(key, { ...former, failedAt: this.now() });
    return former !== undefined;
  }
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  for (const oldest of map.keys()) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
}

/** What the question is about. */
function partOf(question: NameQuestion, endpoints: readonly NamedPeer[]): readonly NamedPeer[] {
  if (endpoints.length === 0) return [];
  if ("address" in question)
    return [{ names: endpoints[0]?.names.slice(0, MOST_NAMES) ?? [], addresses: [question.address] }];
  const addresses = [...new Set(endpoints.flatMap((endpoint) => endpoint.addresses))];
  return [{ names: [question.name], addresses: addresses.slice(0, MOST_ADDRESSES) }];
}

function refused(): Asked {
  const asked = Promise.reject(new Error("too much is asked at once"));
  asked.catch(() => undefined);
  return asked;
}
