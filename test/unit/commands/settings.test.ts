import { expect, test } from "@jest/globals";
import type { HostSettings } from "../../../src/api/index.js";
import { runCommand } from "./run-command.js";

test.each<[string, HostSettings]>([
  ["", {}],
  ["--ipv6", { ipv6: true }],
  ["--ipv6=false", { ipv6: false }],
  ["--icc=false --ip-forward=0 --ipv6=T", { icc: false, "ip-forward": false, ipv6: true }],
  ["--icc=false --icc", { icc: true }],
  ["--bip 10.10.0.1/24 --mtu auto", { bip: "10.10.0.1/24", mtu: "auto" }],
])("system init %s keeps what was said, and nothing else", async (line, settings) => {
  let asked: HostSettings | undefined;
  const init = async (given: HostSettings): Promise<HostSettings> => {
    asked = given;
    return given;
  };
  await runCommand("system init", line.split(" ").filter(Boolean), { tsd: { system: { init } } });
  expect(asked).toEqual(settings);
});
