import type { Drift, Learned, Provider, Resource, ResourceKind } from "../../api/index.js";
import { isPreparing } from "../../contracts/preparing.js";
import { isRefusing } from "../../contracts/refusing.js";
import { joinFailures } from "../../errors/join-failures.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Applier } from "../contracts/parts.js";
import { MissingProvider } from "./missing-provider.js";
import { removalOrder } from "./removal-order.js";

/** Providers touch the kernel and cost start-up time, so they are made when the first list needs them. */
export type LoadProviders = () => Promise<readonly Provider[]>;

/** Loads that of a kind which none of the others has; undefined where no extension brings it. */
export type LoadProvider = (kind: string) => Promise<Provider | undefined>;

/** Applies a list of resources of any kinds to the kernel, by the provider of each kind. */
export class ResourceApplier implements Applier {
  private readonly extensionProviders = new Map<ResourceKind, Promise<Provider>>();
  private byKind: Promise<ReadonlyMap<ResourceKind, Provider>> | undefined;

  constructor(
    private readonly loadProviders: LoadProviders,
    private readonly loadProvider: LoadProvider = async () => undefined,
  ) {}

  /** See {@link Applier.prepare}. */
  async prepare(resources: readonly Resource[]): Promise<void> {
    for (const { provider } of await this.batches(resources)) if (isPreparing(provider)) provider.prepare();
  }

  /** Makes the list exist, in its order; nothing of it if a plug-in for some of it is missing, or a provider refuses some. On failure part of it may exist: the caller removes the same list. */
  async ensure(resources: readonly Resource[]): Promise<void> {
    const batches = await this.batches(resources);
    for (const { provider } of batches) if (provider instanceof MissingProvider) throw provider.why;
    for (const { provider, batch } of batches) if (isRefusing(provider)) await provider.refuse(batch);
    for (const { provider, batch } of batches) await provider.ensure(batch);
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

  /** See {@link Applier.removeOrForget}. */
  async removeOrForget(resources: readonly Resource[]): Promise<readonly Resource[]> {
    const forgotten: Resource[] = [];
    const failures: unknown[] = [];
    for (const { provider, batch } of await this.batches(removalOrder(resources))) {
      await provider.remove(batch).catch((error: unknown) => {
        if (TsdError.is(error, "plugin")) forgotten.push(...batch);
        else failures.push(error);
      });
    }
    if (failures.length > 0) throw joinFailures(failures);
    return forgotten;
  }

  /** See {@link Applier.learn}. */
  async learn(resources: readonly Resource[]): Promise<Learned> {
    const learned: Learned[] = [];
    for (const { provider, batch } of await this.batches(resources)) {
      if (provider.learn === undefined) continue;
      for (const resource of batch) learned.push((await provider.learn(resource)) ?? {});
    }
    return Object.assign({}, ...learned);
  }

  /** See {@link Applier.missingKinds}. */
  async missingKinds(resources: readonly Resource[]): Promise<readonly string[]> {
    const missing = (await this.batches(resources)).filter(({ provider }) => provider instanceof MissingProvider);
    return [...new Set(missing.flatMap(({ provider }) => provider.kinds))];
  }

  /**
   * What the plug-in cannot compare is `unchecked`, and keeps nothing else from being compared. Each provider is asked once,
   * so that it reads what the kernel has once for all. Returns the drift in the order of the list.
   */
  async inspect(resources: readonly Resource[]): Promise<readonly Drift[]> {
    const drift: Drift[] = [];
    for (const [provider, batches] of Map.groupBy(await this.batches(resources), ({ provider }) => provider)) {
      const whole = batches.flatMap(({ batch }) => batch);
      drift.push(...(await provider.inspect(whole).catch((error: unknown) => unchecked(whole, error))));
    }
    const places = new Map(resources.map((resource, place) => [resource, place]));
    const placeOf = ({ resource }: Drift): number => places.get(resource) ?? resources.length;
    return drift.toSorted((a, b) => placeOf(a) - placeOf(b));
  }

  /** Runs of consecutive resources that one provider owns. */
  private async batches(resources: readonly Resource[]): Promise<readonly { provider: Provider; batch: Resource[] }[]> {
    const batches: { provider: Provider; batch: Resource[] }[] = [];
    if (resources.length === 0) return batches;
    const byKind = await this.providers();
    for (const resource of resources) {
      const provider = byKind.get(resource.kind) ?? (await this.added(resource.kind));
      const last = batches.at(-1);
      if (last?.provider === provider) last.batch.push(resource);
      else batches.push({ provider, batch: [resource] });
    }
    return batches;
  }

  /** That of an extension; one that only fails where there is none. */
  private added(kind: ResourceKind): Promise<Provider> {
    const added =
      this.extensionProviders.get(kind) ??
      this.loadProvider(kind).then(
        (provider) => provider ?? new MissingProvider(kind),
        (error: unknown) => new MissingProvider(kind, error),
      );
    this.extensionProviders.set(kind, added);
    return added;
  }

  private providers(): Promise<ReadonlyMap<ResourceKind, Provider>> {
    this.byKind ??= this.loadProviders().then(
      (providers) => new Map(providers.flatMap((provider) => provider.kinds.map((kind) => [kind, provider] as const))),
    );
    return this.byKind;
  }
}

function unchecked(batch: readonly Resource[], error: unknown): readonly Drift[] {
  if (!TsdError.is(error, "plugin")) throw error;
  return batch.map((resource) => ({ resource, problem: "unchecked", found: error.message }));
}
