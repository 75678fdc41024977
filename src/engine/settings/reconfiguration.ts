import type { HostSettings } from "../../api/index.js";
import type { Owner } from "../../contracts/index.js";
import { sameOwner } from "../../contracts/processes.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import type { NatSelection } from "../nat/nat-selection.js";
import type { NatSwitch } from "../nat/nat-switch.js";
import type { DefaultNetwork } from "./default-network.js";
import type { SettingsSource } from "./settings-source.js";

/** A change of the host-wide settings that is not carried out as a whole yet. */
interface Unfinished {
  /** What was kept before. */
  readonly before: HostSettings;
  /** There was a default network. */
  readonly hadNetwork: boolean;
  /** The NAT backend that the change asks for; absent: it asks for none. */
  readonly backend?: string;
  readonly owner: Owner;
}

/** Key of the {@link Unfinished} change. */
const KEY = "host-change";

export interface Configured {
  readonly settings: SettingsSource;
  readonly defaultNetwork: Pick<DefaultNetwork, "isThere" | "renew">;
  readonly natSelection: Pick<NatSelection, "requireUsable">;
  readonly natSwitch: Pick<NatSwitch, "use">;
}

/** Host-wide settings and what is made by them, which change together or not at all. */
export class Reconfiguration {
  constructor(
    private readonly parts: Pick<Parts, "store" | "processes">,
    private readonly configured: Configured,
  ) {}

  /** See {@link System.init}. */
  async init(settings: HostSettings, options: { readonly reset?: boolean }): Promise<HostSettings> {
    const { store, processes } = this.parts;
    const { settings: source, defaultNetwork, natSelection } = this.configured;
    const backend = settings.nat === "auto" ? undefined : settings.nat;
    if (backend !== undefined) await natSelection.requireUsable(backend);
    const { begun, inForce } = store.transaction(() => {
      const other = store.settings.get<Unfinished>(KEY)?.owner;
      if (other !== undefined && processes.isAlive(other)) throw refuseAnother(other);
      const change: Unfinished = {
        before: source.kept(),
        hadNetwork: defaultNetwork.isThere(),
        ...(backend === undefined ? {} : { backend }),
        owner: processes.self(),
      };
      store.settings.set(KEY, change);
      if (options.reset) source.forget();
      return { begun: change, inForce: source.keep(settings) };
    });
    await this.carryOut(begun);
    return inForce;
  }

  /** True where the process of a change died. */
  isInterrupted(): boolean {
    const left = this.parts.store.settings.get<Unfinished>(KEY);
    return left !== undefined && !this.parts.processes.isAlive(left.owner);
  }

  /** Carries out what a dead process left, or takes it back where that is not possible. */
  async recover(): Promise<void> {
    const { store, processes } = this.parts;
    const left = store.settings.get<Unfinished>(KEY);
    if (left === undefined || processes.isAlive(left.owner)) return;
    const mine: Unfinished = { ...left, owner: processes.self() };
    const isMine = store.transaction(() => {
      const current = store.settings.get<Unfinished>(KEY);
      if (current === undefined || !sameOwner(current.owner, left.owner)) return false;
      store.settings.set(KEY, mine);
      return true;
    });
    if (isMine) await this.carryOut(mine);
  }

  private async carryOut({ before, hadNetwork, backend }: Unfinished): Promise<void> {
    const { store } = this.parts;
    const { settings, defaultNetwork, natSwitch } = this.configured;
    try {
      await defaultNetwork.renew();
      if (backend !== undefined) await natSwitch.use(backend);
      store.transaction(() => store.settings.delete(KEY));
    } catch (error) {
      store.transaction(() => {
        settings.forget();
        settings.keep(before);
        store.settings.delete(KEY);
      });
      // The one that was there may have gone already; if it cannot be made now, the first command that uses it makes it.
      if (hadNetwork) await defaultNetwork.renew().catch(() => undefined);
      throw error;
    }
  }
}

function refuseAnother({ pid }: Owner): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_SETTINGS_BUSY",
    message: `process ${pid} is changing the settings at this moment`,
    hint: "Try again when that command has ended.",
    details: { pid },
  });
}
