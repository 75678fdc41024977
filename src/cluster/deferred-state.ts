import type {
  ClusterBatch,
  ClusterChange,
  ClusterLease,
  ClusterOutcome,
  ClusterState,
  Reading,
  WatchedPlace,
} from "../contracts/index.js";

/** A state that is opened by its first verb; one that could not be opened is tried again by the next. */
export class DeferredState implements ClusterState {
  private opening: Promise<ClusterState> | undefined;

  constructor(
    readonly place: string,
    private readonly open: () => Promise<ClusterState>,
  ) {}

  async read(key: string, most?: number, from?: string): Promise<Reading> {
    return await (await this.opened()).read(key, most, from);
  }

  async commit(change: ClusterChange): Promise<ClusterOutcome> {
    return await (await this.opened()).commit(change);
  }

  async *watch(places: readonly WatchedPlace[], revision: number, signal: AbortSignal): AsyncGenerator<ClusterBatch> {
    yield* (await this.opened()).watch(places, revision, signal);
  }

  async lease(seconds: number): Promise<ClusterLease> {
    return await (await this.opened()).lease(seconds);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.opening?.catch(() => undefined))?.[Symbol.asyncDispose]();
  }

  private async opened(): Promise<ClusterState> {
    this.opening ??= this.open();
    try {
      return await this.opening;
    } catch (error) {
      this.opening = undefined;
      throw error;
    }
  }
}
