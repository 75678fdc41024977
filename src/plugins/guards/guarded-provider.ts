import type { Drift, Learned, Provider, Resource, ResourceKind, ResourceOf } from "../../api/index.js";
import { readDrifts } from "../returned/read-drifts.js";
import { readLearned } from "../returned/read-learned.js";
import { readNothing, readWords } from "../returned/read-words.js";
import type { PluginCalls, ReadAnswer } from "./plugin-calls.js";

/** What a third party's provider is called in errors, beside its verb. */
export type ProviderWords = `provider of ${string}` | `NAT backend ${string}`;

/** A third party's provider. It gets copies of resources, which rows list. */
export class GuardedProvider<K extends ResourceKind = ResourceKind> implements Provider<K> {
  readonly kinds: readonly K[];
  readonly learn?: (resource: ResourceOf<K>) => Promise<Learned | undefined>;

  constructor(
    private readonly provider: Provider<K>,
    private readonly calls: PluginCalls,
    private readonly of: ProviderWords = `provider of ${provider.kinds.join(", ")}`,
  ) {
    this.kinds = [...provider.kinds];
    const learn = provider.learn?.bind(provider);
    if (learn !== undefined)
      this.learn = (resource) => this.wait("learn", () => learn(structuredClone(resource)), readLearned);
  }

  ensure(resources: Parameters<Provider<K>["ensure"]>[0]): Promise<void> {
    return this.wait("ensure", () => this.provider.ensure(structuredClone(resources)), readNothing);
  }

  remove(resources: Parameters<Provider<K>["remove"]>[0]): Promise<void> {
    return this.wait("remove", () => this.provider.remove(structuredClone(resources)), readNothing);
  }

  inspect(resources: Parameters<Provider<K>["inspect"]>[0]): Promise<readonly Drift[]> {
    const given = structuredClone(resources);
    const read = (answer: unknown): readonly Drift[] => readDrifts(answer, resources as readonly Resource[]);
    return this.wait("inspect", () => this.provider.inspect(given), read);
  }

  describe(verb: "ensure" | "remove", resources: Parameters<Provider<K>["describe"]>[1]): Promise<readonly string[]> {
    return this.wait("describe", () => this.provider.describe(verb, structuredClone(resources)), readWords);
  }

  private wait<T>(verb: string, work: () => unknown, read: ReadAnswer<T>): Promise<T> {
    return this.calls.wait({ verb, of: this.of }, work, read);
  }
}
