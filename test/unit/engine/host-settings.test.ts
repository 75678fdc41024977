import { describe, expect, test } from "@jest/globals";
import type { HostSettings } from "../../../src/api/index.js";
import { checkSettings, parseSettings } from "../../../src/engine/host-settings.js";
import { poolBases } from "../../../src/engine/pool-bases.js";
import { SettingsSource } from "../../../src/engine/settings-source.js";
import { TemporaryStore } from "../store/support/temporary-store.js";

describe("host-wide settings", () => {
  test("are taken as they stand", () => {
    const all: HostSettings = {
      bridge: "br9",
      "fixed-cidr": "10.1.0.128/25",
      ipv6: true,
      "fixed-cidr-v6": "fd00::/64",
      icc: false,
      "ip-forward": false,
      ip: "192.0.2.1",
      mtu: "auto",
      "default-address-pools": [{ base: "10.80.0.0/12", size: 24 }],
      nat: "iptables",
    };
    expect(checkSettings(parseSettings(all, "file"))).toEqual(all);
    expect(parseSettings({ bip: "10.0.0.1/24", mtu: 1400 }, "file")).toEqual({ bip: "10.0.0.1/24", mtu: 1400 });
  });

  test.each([
    [[], /^file does not hold an object$/],
    [{ brige: "br9" }, /^file has no setting "brige"$/],
    [{ bridge: "a/b" }, /^file: bridge "a\/b" is not the name of a bridge/],
    [{ bridge: "a".repeat(16) }, /^file: bridge/],
    [{ bip: "10.0.0.0/24" }, /^file: bip "10\.0\.0\.0\/24" is not the address of a bridge/],
    [{ bip: "fd00::1/64" }, /^file: bip/],
    [{ icc: "false" }, /^file: icc "false" is not true or false/],
    [{ mtu: 12 }, /^file: mtu 12 is not/],
    [{ mtu: "1400" }, /^file: mtu "1400" is not/],
    [{ ip: "here" }, /^file: ip "here" is not an IP address/],
    [{ nat: "magic" }, /^file: nat "magic" is not/],
    [{ "default-address-pools": [{ base: "10.0.0.0/8" }] }, /^file: default-address-pools/],
    [{ "default-address-pools": { base: "10.0.0.0/8", size: 24 } }, /^file: default-address-pools/],
  ])("%j is refused", (value, message) => {
    expect(() => parseSettings(value, "file")).toThrow(
      expect.objectContaining({ kind: "invalid-input", message: expect.stringMatching(message) }),
    );
  });

  test.each([
    [{ bridge: "br9", bip: "10.0.0.1/24" }, /--bridge br9 and --bip 10\.0\.0\.1\/24 do not go together: the address/],
    [{ bridge: "none", bip: "10.0.0.1/24" }, /there is no bridge to give the address to$/],
    [{ nat: "none", icc: false }, /--nat none and --icc=false do not go together/],
  ])("%j contradict each other", (settings, message) => {
    expect(() => checkSettings(settings)).toThrow(
      expect.objectContaining({ kind: "invalid-input", message: expect.stringMatching(message) }),
    );
  });

  test("of init beat those of the file, key by key, until they are forgotten", () => {
    using temporary = new TemporaryStore();
    const store = temporary.open();
    const source = new SettingsSource(store, { path: "/etc/x.json", read: () => ({ icc: false, mtu: 1400 }) });
    expect(source.read()).toEqual({ icc: false, mtu: 1400 });
    expect(store.transaction(() => source.keep({ mtu: "auto", bip: "10.0.0.1/24" }))).toEqual({
      icc: false,
      mtu: "auto",
      bip: "10.0.0.1/24",
    });
    expect(() => store.transaction(() => source.keep({ bridge: "br9" }))).toThrow(/do not go together/);
    expect(source.read()).toEqual({ icc: false, mtu: "auto", bip: "10.0.0.1/24" });
    store.transaction(() => source.forget());
    expect(source.read()).toEqual({ icc: false, mtu: 1400 });
  });

  test("of a broken file are refused under its name", () => {
    using temporary = new TemporaryStore();
    const source = new SettingsSource(temporary.open(), { path: "/etc/x.json", read: () => ({ mtu: "big" }) });
    expect(() => source.read()).toThrow(/^\/etc\/x\.json: mtu "big"/);
  });
});

describe("where free subnets come from", () => {
  test("is left to IPAM for IPv4, and is a prefix of this machine's own for IPv6", () => {
    using temporary = new TemporaryStore();
    const store = temporary.open();
    const bases = (family: 4 | 6, settings: HostSettings = {}) =>
      store.transaction(() => poolBases(store, settings, family));
    expect(bases(4)).toBeUndefined();
    const own = bases(6);
    expect(own).toEqual([{ base: expect.stringMatching(/^fd[0-9a-f]{2}:[0-9a-f]{4}:[0-9a-f]{4}::\/48$/), size: 64 }]);
    expect(bases(6)).toEqual(own);
    const configured = [{ base: "10.80.0.0/12", size: 24 }];
    expect(bases(4, { "default-address-pools": configured })).toEqual(configured);
    expect(bases(6, { "default-address-pools": configured })).toEqual(own);
  });
});
