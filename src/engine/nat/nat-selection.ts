import type {
  Availability,
  Drift,
  HostSettings,
  NatBackend,
  NatIntent,
  Provider,
  Resource,
  Skeleton,
} from "../../api/index.js";
import { intentKinds, isIntent } from "../../api/intent.js";
import type { Store } from "../../contracts/index.js";
import type { Refusing } from "../../contracts/refusing.js";
import { TsdError } from "../../errors/tsd-error.js";
import { keepNatState, type NatState, natState } from "../rows/nat-state.js";
import { refuseLacking } from "./refuse-lacking.js";

export interface NatSelectionParts {
  readonly store: Pick<Store, "settings" | "transaction">;
  readonly backends: NatBackends;
  readonly settings: () => HostSettings;
  readonly warn: (text: string) => void;
}

/** Packet filters by name. */
export interface NatBackends {
  /** Of tsd's own, in the order in which `auto` tries them. */
  readonly builtIn: readonly string[];
  /** Of all, loaded or not. */
  names(): readonly string[];
  /** Loads it when it is first needed. */
  load(name: string): Promise<NatBackend>;
}

/** More switches than that do not happen during one change. */
const MAX_ROUNDS = 8;

/**
 * The backend in force, as one provider. It asks the store at every change, since another process may switch backends
 * while this one lives.
 */
export class NatSelection implements Provider<NatIntent["kind"]>, Refusing {
  readonly kinds = intentKinds;

  constructor(private readonly parts: NatSelectionParts) {}

  /** See {@link refuseLacking}. */
  async refuse(resources: readonly Resource[]): Promise<void> {
    const intents = resources.filter(isIntent);
    for (const name of await this.inForce()) refuseLacking(await this.held(name), intents);
  }

  /** Goes on until the backends that are in force at the end have the intents, and those that no longer are have not. */
  async ensure(intents: readonly NatIntent[]): Promise<void> {
    let applied: readonly string[] = [];
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const wanted = await this.inForce();
      const missing = wanted.filter((name) => !applied.includes(name));
      const left = applied.filter((name) => !wanted.includes(name));
      for (const name of missing) {
        const backend = await this.held(name);
        refuseLacking(backend, intents);
        await backend.ensure(intents);
      }
      for (const name of left) await (await this.held(name)).remove(intents);
      applied = wanted;
      // What was taken away may be wanted again by now.
      if (missing.length === 0 && left.length === 0) break;
    }
    if (applied.includes("none") && intents.some(({ kind }) => kind === "publish")) {
      this.parts.warn("ports are not published by tsd, since its NAT backend is none");
    }
  }

  async remove(intents: readonly NatIntent[]): Promise<void> {
    for (const name of await this.inForce()) await (await this.held(name)).remove(intents);
  }

  async inspect(intents: readonly NatIntent[]): Promise<readonly Drift[]> {
    return (await this.held((await this.state()).active)).inspect(intents);
  }

  async describe(verb: "ensure" | "remove", intents: readonly NatIntent[]): Promise<readonly string[]> {
    const described: string[] = [];
    for (const name of await this.inForce()) {
      described.push(...(await (await this.held(name)).describe(verb, intents)));
    }
    return described;
  }

  /** The choice, made now where it was not. Throws `unsupported` telling what to install where no backend works. */
  async state(): Promise<NatState> {
    const { store } = this.parts;
    const known = this.known();
    if (known !== undefined) return known;
    const chosen = await this.choose(this.parts.settings().nat ?? "auto");
    return store.transaction(() => {
      // The first process has decided.
      const state = this.known() ?? chosen;
      this.keep(state);
      return state;
    });
  }

  /** What the store has, without choosing. */
  known(): NatState | undefined {
    return natState(this.parts.store);
  }

  /** In the caller's transaction. */
  keep(state: NatState): void {
    keepNatState(this.parts.store, state);
  }

  /** Throws `invalid-input` for a name that no backend has. */
  async backend(name: string): Promise<NatBackend> {
    if (this.isKnown(name)) return this.parts.backends.load(name);
    throw new TsdError({
      kind: "invalid-input",
      code: "TSD_NAT_UNKNOWN",
      message: `there is no NAT backend "${name}"`,
      hint: `Use one of: ${this.parts.backends.names().join(", ")}.`,
      details: { backend: name },
    });
  }

  /**
   * One that the store says holds rules, or did. Throws what {@link isLost} knows where it cannot be loaded any more, which a
   * backend of somebody else's may come to. Its hint names `next` as the one to move to.
   */
  async held(name: string, next = this.known()?.other?.backend): Promise<NatBackend> {
    const lost = (why: string, cause?: TsdError): TsdError =>
      lostBackend({ name, next: next ?? this.parts.backends.builtIn.find((one) => one !== name), why, cause });
    if (!this.isKnown(name)) throw lost("is not there any more");
    try {
      return await this.parts.backends.load(name);
    } catch (error) {
      if (!TsdError.is(error, "plugin")) throw error;
      throw lost(`cannot be loaded: ${error.message}`, error);
    }
  }

  private isKnown(name: string): boolean {
    return this.parts.backends.names().includes(name);
  }

  /** What the intents of the backend in force stand on; undefined where none was chosen, or where it needs nothing. */
  async skeleton(): Promise<Skeleton | undefined> {
    const state = this.known();
    return state && (await this.held(state.active)).skeleton;
  }

  /** Those that may have left something: tsd's own, and one of an extension that holds rules or did. */
  async all(): Promise<readonly NatBackend[]> {
    const { active, other } = this.known() ?? {};
    const names = [...this.parts.backends.builtIn, active, other?.backend].filter((name) => name !== undefined);
    const found = await Promise.all([...new Set(names)].map((name) => this.held(name).catch(unlessLost)));
    return found.filter((backend) => backend !== undefined);
  }

  /** Returns the backend's version. Throws `unsupported` with the reason why it does not work here. */
  async requireUsable(name: string): Promise<string> {
    const availability = await (name === this.known()?.active ? this.held(name) : this.backend(name)).then((backend) =>
      backend.probe(),
    );
    if (availability.usable) return availability.version;
    throw new TsdError({
      kind: "unsupported",
      code: "TSD_NAT_UNUSABLE",
      message: `the NAT backend ${name} does not work here: ${availability.reason}`,
      hint: availability.hint,
      details: { backend: name },
    });
  }

  private async inForce(): Promise<readonly string[]> {
    const { active, other } = await this.state();
    return other?.is === "coming" ? [active, other.backend] : [active];
  }

  private async choose(wanted: string): Promise<NatState> {
    if (wanted !== "auto") {
      await this.requireUsable(wanted);
      return { active: wanted, why: "chosen by the settings" };
    }
    const failures: Extract<Availability, { usable: false }>[] = [];
    for (const name of this.parts.backends.builtIn.filter((backend) => backend !== "none")) {
      const availability = await (await this.backend(name)).probe();
      if (availability.usable) return { active: name, why: whyAutomatic(failures) };
      failures.push(availability);
    }
    throw new TsdError({
      kind: "unsupported",
      code: "TSD_NAT_NONE_USABLE",
      message: failures.map(({ reason }) => reason).join("; "),
      hint: failures[0]?.hint ?? "Install nftables.",
    });
  }
}

/** True for the error of {@link NatSelection.held}. */
export function isLost(error: unknown): error is TsdError {
  return TsdError.is(error) && error.code === "TSD_NAT_LOST";
}

function unlessLost(error: unknown): undefined {
  if (!isLost(error)) throw error;
}

interface Lost {
  readonly name: string;
  readonly next: string | undefined;
  readonly why: string;
  readonly cause: TsdError | undefined;
}

function lostBackend({ name, next, why, cause }: Lost): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_NAT_LOST",
    message: `the NAT backend "${name}", which holds the rules, ${why}`,
    hint: `Bring it back, or give up what it holds and move to another: tsd nat use ${next} --force`,
    details: { backend: name },
    cause,
  });
}

function whyAutomatic(failures: readonly { readonly reason: string }[]): string {
  if (failures.length === 0) return "the first that works here";
  return `the first that works here; before it was tried: ${failures.map(({ reason }) => reason).join("; ")}`;
}
