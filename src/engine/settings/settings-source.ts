import type { HostSettings } from "../../api/index.js";
import type { Store } from "../../contracts/index.js";
import { checkSettings, parseSettings } from "./host-settings.js";

/** Key of the stored settings. */
const KEY = "host";

/** The host-wide settings in force: those that `init` kept, and else those of the file. */
export class SettingsSource {
  private fromFile: HostSettings | undefined;

  /** `read` returns the parsed file, undefined if there is none. */
  constructor(
    private readonly store: Pick<Store, "settings">,
    private readonly file: { readonly path: string; readonly read: () => unknown },
  ) {}

  read(): HostSettings {
    return checkSettings({ ...this.readFile(), ...this.kept() });
  }

  /** Keeps more settings, in the caller's transaction. Throws `invalid-input` where they do not go with the others. */
  keep(settings: HostSettings): HostSettings {
    const kept = { ...this.kept(), ...parseSettings(settings, "tsd system init") };
    const inForce = checkSettings({ ...this.readFile(), ...kept });
    if (Object.keys(kept).length > 0) this.store.settings.set(KEY, kept);
    return inForce;
  }

  /** Forgets what {@link keep} kept, in the caller's transaction. */
  forget(): void {
    this.store.settings.delete(KEY);
  }

  /** What {@link keep} kept. */
  kept(): HostSettings {
    return this.store.settings.get<HostSettings>(KEY) ?? {};
  }

  private readFile(): HostSettings {
    if (this.fromFile === undefined) {
      const content = this.file.read();
      this.fromFile = content === undefined ? {} : parseSettings(content, this.file.path);
    }
    return this.fromFile;
  }
}
