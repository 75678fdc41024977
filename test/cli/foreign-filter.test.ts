import { readFileSync, renameSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
const plugin = resolve("test/support/plugins/ledger-filter.mjs");

beforeAll(async () => {
  const { host } = lab();
  // The directories of plug-ins stay.
  await host.mustTsd(["plugin", "add", plugin]);
  await host.mustTsd(["plugin", "rm", "ledger"]);
  await lab().settle();
});

/** Kinds of the rules that the plug-in holds. */
function rules(): readonly string[] {
  const entries: readonly (readonly [string, { readonly kind: string }])[] = JSON.parse(
    readFileSync(`${lab().host.runDirectory}/ledger.json`, "utf8"),
  );
  return entries.map(([, { kind }]) => kind).sort();
}

test("a plug-in's packet filter takes the rules, is checked and repaired, and gives them back or up", async () => {
  const { host } = lab();
  await host.mustTsd(["plugin", "add", plugin]);
  await host.mustTsd(["network", "create", "--subnet", "10.50.0.0/24", "lan"]);
  expect((await host.tsd(["nat", "use", "nothing"])).stderr).toMatch(
    /there is no NAT backend "nothing"\nhint: Use one of: nftables, iptables, none, ledger\./,
  );
  expect(await host.mustTsd(["nat", "use", "--dry-run", "ledger"])).toMatch("ledger ensure isolate");
  await host.mustTsd(["nat", "use", "ledger"]);
  expect(rules()).toEqual(["isolate", "masquerade"]);
  expect(await host.mustRun(["nft", "list", "ruleset"])).toBe("");
  expect(await host.mustTsd(["system", "info"])).toMatch(/ledger/);
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "lan", "-p", "8080:80", "busybox", "sleep", "600"]);
  expect(rules()).toEqual(["isolate", "masquerade", "publish"]);
  expect(await host.mustTsd(["check"])).toBe("");
  await host.mustRun(["rm", `${host.runDirectory}/ledger.json`]);
  expect((await host.tsd(["check"])).stdout.split("\n").filter(Boolean)).toHaveLength(3);
  await host.mustTsd(["reload"]);
  expect(rules()).toEqual(["isolate", "masquerade", "publish"]);

  expect((await host.tsd(["plugin", "rm", "ledger"])).stderr).toMatch(/plug-in "ledger" is used by /);
  await host.mustTsd(["plugin", "rm", "--force", "ledger"]);
  expect((await host.tsd(["rm", "--force", "web"])).stderr).toMatch(
    /the NAT backend "ledger", which holds the rules, is not there any more\nhint: .*tsd nat use nftables --force/,
  );
  await host.mustTsd(["nat", "use", "nftables", "--force"]);
  expect(await host.mustTsd(["check"])).toBe("");
  await host.mustTsd(["rm", "--force", "web"]);
  await host.mustTsd(["network", "rm", "lan"]);
  await host.mustRun(["rm", `${host.runDirectory}/ledger.json`]);
});

test("a plug-in's packet filter whose files are gone is left by force, and nothing is half-done afterwards", async () => {
  const { host } = lab();
  await host.mustTsd(["plugin", "add", plugin]);
  await host.mustTsd(["network", "create", "--subnet", "10.50.0.0/24", "lan"]);
  await host.mustTsd(["nat", "use", "ledger"]);
  const [{ directory }] = JSON.parse(await host.mustTsd(["plugin", "ls", "--json"]));
  const files = `${host.root}/plugins/${directory}`;
  renameSync(files, `${host.runDirectory}/away`);
  expect((await host.tsd(["nat", "use", "iptables"])).stderr).toMatch(
    /the NAT backend "ledger", .*plugin\.mjs is gone\nhint: .*tsd nat use iptables --force\n$/,
  );
  expect(await host.tsd(["nat", "use", "--force", "nftables"])).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^.*what the NAT backend "ledger" holds stays.*\n$/),
  });
  expect(await host.tsd(["check"])).toEqual({ code: 0, stdout: "", stderr: "" });
  renameSync(`${host.runDirectory}/away`, files);
  await host.mustTsd(["network", "rm", "lan"]);
  await host.mustTsd(["plugin", "rm", "ledger"]);
  await host.mustRun(["rm", `${host.runDirectory}/ledger.json`]);
});

test("a network on several hosts is refused under a packet filter that does not know such, and nothing of it is made", async () => {
  const { host } = lab();
  await host.mustTsd(["plugin", "add", plugin]);
  await host.mustTsd(["cluster", "join", "--local"]);
  await host.mustTsd(["nat", "use", "ledger"]);
  const links = await host.mustRun(["ip", "-o", "link"]);
  for (const mode of ["routed", "hostgw"]) {
    const create = [
      "network",
      "create",
      "--driver",
      "overlay",
      "-o",
      `mode=${mode}`,
      "--subnet",
      "10.50.0.0/16",
      "wide",
    ];
    for (const words of [create, [...create.slice(0, 2), "--dry-run", ...create.slice(2)]]) {
      expect(await host.tsd(words)).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/ledger does not carry out "segment".*\nhint: .*tsd nat use nftables/),
      });
    }
  }
  expect(await host.mustRun(["ip", "-o", "link"])).toBe(links);
  await host.mustTsd(["nat", "use", "nftables"]);
  await host.mustTsd(["network", "create", "--driver", "overlay", "--subnet", "10.50.0.0/16", "wide"]);
  expect((await host.tsd(["nat", "use", "ledger"])).stderr).toMatch(/ledger does not carry out "segment"/);
  expect(await host.mustTsd(["check"])).toBe("");
  await host.mustTsd(["network", "rm", "wide"]);
  await host.mustTsd(["cluster", "leave"]);
  await host.mustTsd(["plugin", "rm", "ledger"]);
});
