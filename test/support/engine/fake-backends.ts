import type { Availability, NatBackend, NatIntent } from "../../../src/api/index.js";
import { intentKinds } from "../../../src/api/intent.js";
import type { NatBackends } from "../../../src/engine/nat/nat-selection.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import { sweeperOf } from "../../../src/kernel/orphans/sweeper-of.js";
import type { Steps } from "./steps.js";

/** The packet filters of one machine: what each holds outlives the processes, which share it. */
export class FakeBackends {
  /** Why a backend does not work, by name. */
  readonly failings = new Map<string, string>();
  /** Backends that processes begun from now on cannot load. */
  readonly lost = new Set<string>();
  /** Kinds of intents that a backend does not list, by its name. */
  readonly lacking = new Map<string, readonly NatIntent["kind"][]>();
  /** Backends whose files are gone, though they are known. */
  readonly broken = new Set<string>();
  /** Awaited before every change and after every look, in every process. */
  pause: () => Promise<unknown> = async () => undefined;
  private readonly rules: ReadonlyMap<string, Set<string>>;

  constructor(private readonly names: readonly string[]) {
    this.rules = new Map(names.map((name) => [name, new Set()]));
  }

  /** What a backend holds, sorted. */
  held(name: string): readonly string[] {
    return [...this.rulesOf(name)].sort();
  }

  /** The backends as one process reaches them; each change is a step. */
  seenBy(steps: Steps): NatBackends {
    const there = this.names.filter((name) => !this.lost.has(name));
    return { builtIn: there, names: () => there, load: async (name) => this.load(name, steps) };
  }

  private load(name: string, steps: Steps): NatBackend {
    if (!this.broken.has(name)) return this.backend(name, steps);
    throw new TsdError({ kind: "plugin", code: "TSD_PLUGIN_FILES_GONE", message: `the files of ${name} are gone` });
  }

  private backend(name: string, steps: Steps): NatBackend {
    const rules = this.rulesOf(name);
    const change = async (verb: string, work: () => void): Promise<void> => {
      await this.pause();
      await steps.act(`${verb} ${name}`);
      work();
    };
    return {
      name,
      kinds: intentKinds.filter((kind) => !this.lacking.get(name)?.includes(kind)),
      ensure: (intents) =>
        change("ensure", () => {
          for (const intent of intents) rules.add(asRule(intent));
        }),
      remove: (intents) =>
        change("remove", () => {
          for (const intent of intents) rules.delete(asRule(intent));
        }),
      purge: () => change("purge", () => rules.clear()),
      probe: async () => {
        const availability = this.availability(name);
        await this.pause();
        return availability;
      },
      inspect: async (intents) =>
        intents
          .filter((intent) => !rules.has(asRule(intent)))
          .map((resource) => ({ resource, problem: "missing" as const })),
      describe: async (verb, intents) => intents.map(({ kind }) => `${verb} ${kind} in ${name}`),
      describePurge: async () => [`purge ${name}`],
      sweeper: sweeperOf<string, NatIntent>({
        list: () => {
          const reason = this.failings.get(name);
          if (reason === undefined) return [...rules];
          throw new TsdError({ kind: "kernel", code: "TSD_KERNEL_REFUSED", message: reason });
        },
        orphanOf: (rule) => ({ kind: `rule of ${name}`, what: rule, why: "nobody wants it", standing: "unmarked" }),
        claims: (intents) => (rule) => intents.map(asRule).includes(rule),
        free: (doomed) =>
          change("sweep", () => {
            for (const rule of doomed) rules.delete(rule);
          }),
      }),
    };
  }

  private availability(name: string): Availability {
    const reason = this.failings.get(name);
    return reason === undefined ? { usable: true, version: "1" } : { usable: false, reason, hint: `Install ${name}.` };
  }

  private rulesOf(name: string): Set<string> {
    const rules = this.rules.get(name);
    if (rules === undefined) throw new Error(`no fake backend ${name}`);
    return rules;
  }
}

/** An intent as a fake backend holds it. */
export function asRule(intent: NatIntent): string {
  return JSON.stringify(intent);
}
