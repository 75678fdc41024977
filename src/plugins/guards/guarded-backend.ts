import type {
  Availability,
  Damage,
  NatBackend,
  NatIntent,
  Orphan,
  PacketEffect,
  Skeleton,
  Sweeper,
} from "../../api/index.js";
import { readAvailability, readDamages, readOrphans, readRule } from "../returned/read-backend.js";
import { readNothing, readWords } from "../returned/read-words.js";
import { GuardedProvider } from "./guarded-provider.js";
import type { PluginCalls, ReadAnswer } from "./plugin-calls.js";

/** A third party's NAT backend. */
export class GuardedBackend extends GuardedProvider<NatIntent["kind"]> implements NatBackend {
  readonly name: string;
  readonly ruleFor?: NonNullable<NatBackend["ruleFor"]>;
  readonly sweeper?: Sweeper<NatIntent>;
  readonly skeleton?: Skeleton;

  constructor(
    private readonly backend: NatBackend,
    private readonly callsOfPlugin: PluginCalls,
  ) {
    super(backend, callsOfPlugin, `NAT backend "${backend.name}"`);
    this.name = backend.name;
    const { sweeper, skeleton } = backend;
    if (backend.ruleFor !== undefined) this.ruleFor = (effect) => this.rule(effect);
    if (sweeper !== undefined) this.sweeper = this.guardedSweeper(sweeper);
    if (skeleton !== undefined) this.skeleton = this.guardedSkeleton(skeleton);
  }

  probe(): Promise<Availability> {
    return this.ask("probe", () => this.backend.probe(), readAvailability);
  }

  purge(owners?: ReadonlySet<string>): Promise<void> {
    return this.ask("purge", () => this.backend.purge(owners && new Set(owners)), readNothing);
  }

  describePurge(owners?: ReadonlySet<string>): Promise<readonly string[]> {
    return this.ask("describePurge", () => this.backend.describePurge(owners && new Set(owners)), readWords);
  }

  private rule(effect: PacketEffect): string | undefined {
    const verb = { verb: "ruleFor", of: `NAT backend "${this.name}"` };
    return this.callsOfPlugin.call(verb, () => this.backend.ruleFor?.(structuredClone(effect)), readRule);
  }

  private guardedSweeper(sweeper: Sweeper<NatIntent>): Sweeper<NatIntent> {
    return {
      orphans: (wanted): Promise<readonly Orphan[]> =>
        this.ask("orphans", () => sweeper.orphans(() => structuredClone(wanted())), readOrphans),
      sweep: (orphans) => this.ask("sweep", () => sweeper.sweep(structuredClone(orphans)), readNothing),
    };
  }

  private guardedSkeleton(skeleton: Skeleton): Skeleton {
    return {
      inspect: (): Promise<readonly Damage[]> => this.ask("skeleton.inspect", () => skeleton.inspect(), readDamages),
      repair: () => this.ask("skeleton.repair", () => skeleton.repair(), readNothing),
      describeRepair: () => this.ask("skeleton.describeRepair", () => skeleton.describeRepair(), readWords),
    };
  }

  private ask<T>(verb: string, work: () => unknown, read: ReadAnswer<T>): Promise<T> {
    return this.callsOfPlugin.wait({ verb, of: `NAT backend "${this.name}"` }, work, read);
  }
}
