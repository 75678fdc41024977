import type { Drift, Provider, Resource, ResourceKind } from "../../api/index.js";
import { joinFailures } from "../../errors/join-failures.js";
import { removalOrder } from "./removal-order.js";

/** Providers touch the kernel and cost start-up time, so they are made when the first list needs them. */
export type LoadProviders = () => Promise<readonly Provider[]>;

/** Loads that of a kind which none of the others has; undefined where no extension brings it. */
export type LoadProvider = (kind: string) => Promise<Provider | undefined>;

/** Applies a list of resources of any kinds to the kernel, by the provider of each kind. */
export class ResourceApplier {
  private byKind: Promise<ReadonlyMap<ResourceKind, Provider>> | undefined;

  constructor(
    private readonly loadProviders: LoadProviders,
    private readonly loadProvider: LoadProvider = async () => undefined,
  ) {}

  /** Makes the list exist, in its order. On failure part of it may exist: the caller removes the same list. */
  async ensure(resources: readonly Resource[]): Promise<void> {
    for (const { provider, batch } of await this.batches(resources)) await provider.ensure(batch);
  }

  /**
   * Makes none of the list exist. Goes on past failures, so that one stuck resource does not keep the others, and
   * throws them all at the end.
   */
  async remove(resources: readonly Resource[]): Promise<void> {
    const failures: unknown[] = [];
    for (const { provider, batch } of await this.batches(removalOrder(resources))) {
      await provider.remove(batch).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw joinFailures(failures);
  }

  async inspect(resources: readonly Resource[]): Promise<readonly Drift[]> {
    const drift: Drift[] = [];
    for (const { provider, batch } of await this.batches(resources)) drift.push(...(await provider.inspect(batch)));
    return drift;
  }

  /** Runs of consecutive resources that one provider owns. */
  private async batches(resources: readonly Resource[]): Promise<readonly { provider: Provider; batch: Resource[] }[]> {
    const batches: { provider: Provider; batch: Resource[] }[] = [];
    if (resources.length === 0) return batches;
    const byKind = await this.providers();
    for (const resource of resources) {
      const provider = byKind.get(resource.kind) ?? (await this.loadProvider(resource.kind));
      if (provider === undefined) throw new Error(`no provider for resources of kind ${resource.kind}`);
      const last = batches.at(-1);
      if (last?.provider === provider) last.batch.push(resource);
      else batches.push({ provider, batch: [resource] });
    }
    return batches;
  }

  private providers(): Promise<ReadonlyMap<ResourceKind, Provider>> {
    this.byKind ??= this.loadProviders().then(
      (providers) => new Map(providers.flatMap((provider) => provider.kinds.map((kind) => [kind, provider] as const))),
    );
    return this.byKind;
  }
}
