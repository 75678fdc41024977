import { describe, expect, test } from "@jest/globals";
import type { ContainerSpec } from "../../../src/api/index.js";
import { parseDuration, parseRestartPolicy, parseStopTimeout } from "../../../src/commands/life-values.js";
import { checkLife } from "../../../src/engine/requests/check-life.js";

describe("words about a container's life", () => {
  test.each([
    ["30s", 30_000],
    ["1m30s", 90_000],
    ["1.5h", 5_400_000],
    ["250ms", 250],
    ["1ns", 1e-6],
    ["0", 0],
  ])("%s is %d ms", (text, milliseconds) => {
    expect(parseDuration("health-interval", text)).toBeCloseTo(milliseconds, 9);
  });

  test.each(["", "5", "-1s", "s", "1x", "1s 2s", "1e3s"])("%j is no time", (text) => {
    expect(() => parseDuration("health-interval", text)).toThrow(/--health-interval/);
  });

  test.each([
    ["no", { name: "no" }],
    ["", { name: "no" }],
    ["always", { name: "always" }],
    ["on-failure:5", { name: "on-failure", retries: 5 }],
  ])("%j is a restart policy", (text, policy) => {
    expect(parseRestartPolicy(text)).toEqual(policy);
  });

  test.each(["on-failure:x", "on-failure:1:2", "on-failure:-1"])("%j is none", (text) => {
    expect(() => parseRestartPolicy(text)).toThrow(/is not a restart policy/);
  });

  test.each<[ContainerSpec, RegExp]>([
    [{ restart: parseRestartPolicy("sometimes") }, /--restart "sometimes"/],
    [{ restart: parseRestartPolicy("always:3") }, /only on-failure/],
    [{ restart: { name: "always" }, autoRemove: true }, /conflicting options: --restart always .*--rm/],
    [{ stopSignal: "NOPE" }, /"NOPE" is no signal/],
    [{ stopTimeout: 1.5 }, /--stop-timeout/],
    [{ health: { interval: 1e-6 } }, /--health-interval/],
    [{ health: { timeout: 1e12 } }, /--health-timeout/],
    [{ health: { retries: -1 } }, /--health-retries/],
    [{ health: { test: ["CMD-SHELL", "a\0b"] } }, /NUL/],
    [{ health: { test: ["NONE"], interval: 5 } }, /--no-healthcheck conflicts/],
    [{ log: { driver: "splunk" } }, /json-file, local/],
    [{ log: { maxSize: 10 } }, /1024 bytes or more/],
    [{ log: { maxFiles: 3 } }, /max-size/],
    [{ log: { maxSize: 2048, maxFiles: 0 } }, /from 1 to 1000/],
  ])("%j is refused", (spec, why) => {
    expect(() => checkLife(spec)).toThrow(why);
  });

  test("other engines' words and docker's −1 are taken", () => {
    const log = { driver: "json-file", maxSize: 1024, maxFiles: 3 };
    expect(() => checkLife({ restart: { name: "no" }, autoRemove: true, log, health: { interval: 0 } })).not.toThrow();
    expect(parseStopTimeout("-1")).toBe(-1);
  });
});
