import { describe, expect, test } from "@jest/globals";
import { SettingsSource } from "../../../../src/engine/settings/settings-source.js";
import type { SqliteStore } from "../../../../src/store/sqlite-store.js";
import { failureOf, TemporaryStore } from "../../store/support/temporary-store.js";

const path = "/etc/tsd/config.json";

function sourceOf(store: SqliteStore, content?: unknown): SettingsSource {
  return new SettingsSource(store, { path, read: () => content });
}

describe("the settings in force", () => {
  test("are none where nobody set any", () => {
    using temporary = new TemporaryStore();
    expect(sourceOf(temporary.open()).read()).toEqual({});
  });

  test("are those of the file, except where others were kept", () => {
    using temporary = new TemporaryStore();
    const store = temporary.open();
    const source = sourceOf(store, { mtu: 1400, icc: false });
    expect(source.read()).toEqual({ mtu: 1400, icc: false });
    const inForce = store.transaction(() => source.keep({ mtu: 1300, ipv6: true }));
    expect(inForce).toEqual({ mtu: 1300, ipv6: true, icc: false });
    expect(source.read()).toEqual(inForce);
    expect(source.kept()).toEqual({ mtu: 1300, ipv6: true });
    expect(sourceOf(temporary.open()).read()).toEqual({ mtu: 1300, ipv6: true });
  });

  test("add up over several inits, until all that was kept is forgotten", () => {
    using temporary = new TemporaryStore();
    const store = temporary.open();
    const source = sourceOf(store, { mtu: 1400 });
    store.transaction(() => source.keep({ mtu: 1300 }));
    expect(store.transaction(() => source.keep({ icc: false }))).toEqual({ mtu: 1300, icc: false });
    store.transaction(() => source.forget());
    expect(source.kept()).toEqual({});
    expect(source.read()).toEqual({ mtu: 1400 });
  });

  test("come from the file as it was at the first look", () => {
    using temporary = new TemporaryStore();
    let looks = 0;
    const source = new SettingsSource(temporary.open(), { path, read: () => ({ mtu: 1400 + looks++ }) });
    expect([source.read(), source.read()]).toEqual([{ mtu: 1400 }, { mtu: 1400 }]);
    expect(looks).toBe(1);
  });
});

describe("refused are", () => {
  test("a file with a bad value, by its path", () => {
    using temporary = new TemporaryStore();
    expect(failureOf(() => sourceOf(temporary.open(), { mtu: 12 }).read())).toMatchObject({
      kind: "invalid-input",
      message: `${path}: mtu 12 is not a number of bytes from 68 to 65535, or auto`,
    });
  });

  test("a bad value of init, by its command, and nothing is kept", () => {
    using temporary = new TemporaryStore();
    const store = temporary.open();
    const source = sourceOf(store);
    expect(failureOf(() => store.transaction(() => source.keep({ bip: "10.0.0.0/24" })))).toMatchObject({
      kind: "invalid-input",
      message: expect.stringMatching(/^tsd system init: bip "10\.0\.0\.0\/24" is not /),
    });
    expect(source.kept()).toEqual({});
  });

  test.each([
    ["the file", { bridge: "br9" }, {}],
    ["what was kept", undefined, { bridge: "br9" }],
  ])("settings that contradict %s, and nothing is kept", (_where, file, kept) => {
    using temporary = new TemporaryStore();
    const store = temporary.open();
    const source = sourceOf(store, file);
    store.transaction(() => source.keep(kept));
    expect(failureOf(() => store.transaction(() => source.keep({ bip: "10.0.0.1/24" })))).toMatchObject({
      kind: "invalid-input",
      message: expect.stringMatching(/^--bridge br9 and --bip 10\.0\.0\.1\/24 do not go together/),
    });
    expect(source.kept()).toEqual(kept);
  });
});
