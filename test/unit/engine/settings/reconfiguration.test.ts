import { expect, test } from "@jest/globals";
import type { HostSettings } from "../../../../src/api/index.js";
import { Reconfiguration } from "../../../../src/engine/settings/reconfiguration.js";
import { SettingsSource } from "../../../../src/engine/settings/settings-source.js";
import { ProcessTable } from "../../../support/engine/process-table.js";
import { TemporaryStore } from "../../store/support/temporary-store.js";

/** A host of which only the settings are looked at, and what was made by them last. */
class ConfiguredHost implements Disposable {
  readonly table = new ProcessTable();
  readonly temporary = new TemporaryStore();
  readonly store = this.temporary.open();
  readonly settings = new SettingsSource(this.store, { path: "/etc/tsd/config.json", read: () => undefined });
  made: HostSettings = {};
  hasNetwork = false;
  backend = "nftables";
  /** Happens in place of the next time that something is made. */
  instead: (() => void | Promise<void>) | undefined;

  process() {
    const owner = this.table.spawn();
    const reconfiguration = new Reconfiguration(
      { store: this.store, processes: this.table.seenBy(owner) },
      {
        settings: this.settings,
        defaultNetwork: {
          isThere: () => this.hasNetwork,
          renew: async () => {
            const { instead } = this;
            this.instead = undefined;
            if (instead !== undefined) return instead();
            this.made = this.settings.read();
            this.hasNetwork = true;
          },
        },
        natSelection: { requireUsable: async () => "1.0" },
        natSwitch: {
          use: async (name) => {
            this.backend = name;
            return name;
          },
        },
      },
    );
    return { owner, reconfiguration };
  }

  [Symbol.dispose](): void {
    this.temporary[Symbol.dispose]();
  }
}

const never = new Promise<never>(() => undefined);

test("settings are kept, and what is made by them is made again", async () => {
  using host = new ConfiguredHost();
  const { reconfiguration } = host.process();
  expect(await reconfiguration.init({ mtu: 1400, nat: "iptables" }, {})).toEqual({ mtu: 1400, nat: "iptables" });
  expect(host.made).toEqual({ mtu: 1400, nat: "iptables" });
  expect(host.backend).toBe("iptables");
  await reconfiguration.init({ icc: false }, { reset: true });
  expect(host.made).toEqual({ icc: false });
});

test("what cannot be made leaves the settings as they were, and what was made by them", async () => {
  using host = new ConfiguredHost();
  const { reconfiguration } = host.process();
  await reconfiguration.init({ mtu: 1400 }, {});
  host.made = {};
  host.instead = () => {
    throw new Error("in use");
  };
  await expect(reconfiguration.init({ mtu: 1300 }, {})).rejects.toThrow("in use");
  expect(host.settings.kept()).toEqual({ mtu: 1400 });
  expect(host.made).toEqual({ mtu: 1400 });
});

test("what cannot be made for the first time leaves nothing", async () => {
  using host = new ConfiguredHost();
  host.instead = () => {
    throw new Error("no such bridge");
  };
  await expect(host.process().reconfiguration.init({ mtu: 1300 }, {})).rejects.toThrow("no such bridge");
  expect(host).toMatchObject({ made: {}, hasNetwork: false });
  expect(host.settings.kept()).toEqual({});
});

test("what a dead process began is carried out by the next, and by nobody while it lives", async () => {
  using host = new ConfiguredHost();
  const doomed = host.process();
  const begun = new Promise<void>((resolve) => {
    host.instead = () => {
      resolve();
      return never;
    };
  });
  void doomed.reconfiguration.init({ mtu: 1300, nat: "iptables" }, {});
  await begun;
  const next = host.process();
  await next.reconfiguration.recover();
  expect(host.made).toEqual({});
  await expect(next.reconfiguration.init({ mtu: 1200 }, {})).rejects.toMatchObject({
    code: "TSD_SETTINGS_BUSY",
    message: `process ${doomed.owner.pid} is changing the settings at this moment`,
  });
  host.table.end(doomed.owner.pid);
  await next.reconfiguration.recover();
  expect(host.made).toEqual({ mtu: 1300, nat: "iptables" });
  expect(host.backend).toBe("iptables");
  host.made = {};
  await host.process().reconfiguration.recover();
  expect(host.made).toEqual({});
});

test("what is carried out for a dead process does not undo an earlier choice of the backend", async () => {
  using host = new ConfiguredHost();
  const doomed = host.process();
  await doomed.reconfiguration.init({ nat: "nftables" }, {});
  host.backend = "iptables";
  const begun = new Promise<void>((resolve) => {
    host.instead = () => {
      resolve();
      return never;
    };
  });
  void doomed.reconfiguration.init({ mtu: 1300 }, {});
  await begun;
  host.table.end(doomed.owner.pid);
  await host.process().reconfiguration.recover();
  expect(host.made).toEqual({ mtu: 1300, nat: "nftables" });
  expect(host.backend).toBe("iptables");
});
