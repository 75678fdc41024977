import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import type { CaseResult, VerifyOptions, verifyExtension } from "../../src/testing/index.js";

/** As authors get it. */
const { verifyExtension: verify } = (await import(resolve("dist/testing.js"))) as {
  verifyExtension: typeof verifyExtension;
};

async function resultsOf(module: string, options: VerifyOptions = {}): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  for await (const result of verify(module, options)) results.push(result);
  return results;
}

const failuresIn = (results: readonly CaseResult[]) =>
  results.filter(({ outcome }) => outcome === "failed").map(({ chapter, name, why }) => `${chapter}: ${name}: ${why}`);

/** Each driver that makes networks, and what it is verified with. */
const drivers: Readonly<Record<string, VerifyOptions>> = {
  bridge: {
    networks: [
      {},
      {
        options: { name: "kitbr1", mtu: "1400", antispoof: "true" },
        second: { name: "kitbr2", mtu: "1400", antispoof: "true" },
      },
      { options: { gateway_mode_ipv4: "routed", gateway_mode_ipv6: "routed" } },
      { options: { isolate: "false" }, reaches: { networks: true } },
    ],
  },
  // On a host that is alone in its cluster.
  overlay: {
    networks: [{}, { options: { mode: "l2", mtu: "1400", antispoof: "true" } }],
  },
};
const lan: VerifyOptions = { networks: [{ options: { parent: "PARENT" }, lan: {} }] };
/** Shipped as extensions. This kernel may have neither ipvlan nor VLANs; then the kit says so. */
const shipped: Readonly<Record<string, VerifyOptions>> = {
  ptp: {
    networks: [{}, { internal: true }, { ipv6: false, options: { icc: "false" }, reaches: { neighbours: false } }],
  },
  macvlan: lan,
  ipvlan: lan,
  "vlan-bridge": {
    networks: [
      { options: { parent: "PARENT", vlan: "20" }, second: { parent: "PARENT", vlan: "21" }, lan: { vlan: 20 } },
    ],
  },
};
/** Networks on which less is reached, apart from the others so that they are verified beside them. */
const closed: VerifyOptions = {
  networks: [{ options: { icc: "false" }, reaches: { neighbours: false } }, { internal: true }],
};

describe.each([...Object.entries({ ...drivers, ...shipped }), ["bridge", closed]] as const)(
  "the driver %s",
  (driver, options) => {
    test("passes the kit", async () => {
      const results = await resultsOf(driver, options);
      expect(failuresIn(results)).toEqual([]);
      expect(results.length).toBeGreaterThan(20);
    }, 600_000);
  },
);

describe.each(["nftables", "iptables"])("the packet filter %s", (name) => {
  test("passes the kit", async () => {
    const results = await resultsOf(name);
    expect(failuresIn(results)).toEqual([]);
    expect(results.length).toBeGreaterThan(30);
  }, 600_000);
});

/** A flaw, a word of the chapter that must see it, and what the report says of it. */
type Flaw = readonly [flaw: string, chapter: string, report: RegExp];

const flawsOfDrivers: readonly Flaw[] = [
  ["a type that is no word", "describes", /is called by a word.*"?no word/],
  ["another version of the contracts", "describes", /apiVersion: expected 1, found 99/],
  ["a single network", "describes", /singleton: false }, found/],
  ["any option is taken", "options", /expected an error of kind invalid-input, found none/],
  ["an error that is not for people", "options", /expected a TsdError of kind invalid-input, found TypeError/],
  ["options that change when they are read again", "options", /read a second time: expected/],
  ["a list that counts", "depend", /the lists of a second call: expected/],
  ["a list that looks at the clock", "depend", /the lists then: expected/],
  ["a network that is changed", "depend", /not extensible/],
  ["one name for all endpoints", "well formed", /two endpoints both list: expected \[\], found \[ 'rt0' \]/],
  ["a name that is too long", "well formed", /toolong' is no name for a link/],
  ["another container's namespace", "well formed", /other namespaces: expected \[\], found \[ '\/run\/netns\/other'/],
  ["a kind without a provider", "well formed", /no provider for the kind of { kind: 'note'/],
  ["a driver that acts", "come and go", /kit-acted/],
  ["a resource that stays", "come and go", /leaves nothing behind: .*new file \/run\/kit-notes/],
  ["a provider that adds to what is there", "come and go", /what inspect finds of .*expected \[\]/],
  ["a plan that would make what is there", "come and go", /describe would send to make what is there: expected \[\]/],
  ["a wrong address", "interface", /expected \[ '10.90.0.2' \], found \[ '10.90.0.77' \]/],
  ["no default route", "interface", /a default route of IPv4: expected true, found false/],
  ["no way to the container", "damage", /what its cases stand on is made: .*expected a reply of a1/],
  ["no way to the container", "packets", /containers of one network can call each other: a1 calls 10.90.0.3/],
  ["ports that lead nowhere", "published", /outside calls 192.0.2.1 port 8080 by tcp: expected a reply of a1/],
  ["an inspection that finds nothing", "damage", /check does not name { kind: 'note'/],
  ["a memory of what this process made", "killed", /kit-notes/],
  ["an end of the process", "depend", /the process ended while it ran/],
];

const flawsOfIpamDrivers: readonly Flaw[] = [
  ["any option is taken", "options", /expected an error of kind invalid-input, found none/],
  ["a gateway outside its pool", "pools", /the gateway '10.67.0.1' is no address of '10.66.0.0\/24'/],
  ["another pool at each call", "pools", /the pool of a second call: expected .*10\.66\.2\..*found .*10\.66\.3\./],
  ["a subnet that is ignored", "pools", /the pool's subnet: expected '10.90.0.0\/24', found '10.66.0.0\/24'/],
  ["a string that is thrown", "pools", /the subnet: expected a TsdError, found 'no such pool'/],
  ["a pool that is given back but once", "pools", /does nothing where it has none: no such pool/],
  ["one address for all", "addresses", /two holders get 10.66.0.2/],
  [
    "another address at each call",
    "addresses",
    /the address of a second call: expected '10.66.0.2', found '10.66.0.3'/,
  ],
  ["an address outside the pool", "addresses", /'10.67.0.2' is no address of 10.66.0.0\/24/],
  ["an address with its prefix length", "addresses", /'10.66.0.2\/24' is no address of 10.66.0.0\/24/],
  ["the gateway's address", "addresses", /10.66.0.1 is the gateway's/],
  ["an address that nobody asked for", "addresses", /the address that was asked for: expected/],
  ["an address that is given back but once", "addresses", /proposes the address again: no such holder/],
  ["an address that stays taken", "addresses", /the ledger gave 10.66.0.\d to another/],
];

describe.each([
  ["driver", "routed-plugin.mjs", flawsOfDrivers],
  ["IPAM driver", "ledger-plugin.mjs", flawsOfIpamDrivers],
])("a flawed %s is caught:", (_, file, flaws) => {
  // Made here, since tests that run side by side do not wait for beforeAll.
  const directory = mkdtempSync(join(tmpdir(), "tsd-flaws-"));
  afterAll(() => rmSync(directory, { recursive: true }));

  function pluginWith(flaw: string): string {
    const path = join(directory, `${flaw.replaceAll(/\W/g, "-") || "sound"}.mjs`);
    const plugin = JSON.stringify(resolve("test/support/kit", file));
    writeFileSync(
      path,
      `import { flawedPlugin, verification } from ${plugin};\nexport default flawedPlugin(${JSON.stringify(flaw)});\nexport { verification };\n`,
    );
    return path;
  }

  test.concurrent("none where there is none", async () => {
    const results = await resultsOf(pluginWith(""));
    expect(failuresIn(results)).toEqual([]);
    expect(results.length).toBeGreaterThan(10);
  }, 300_000);

  test.concurrent.each(flaws)(
    "%s, in the chapter that %s",
    async (flaw, chapter, report) => {
      const failures = failuresIn(await resultsOf(pluginWith(flaw), { chapters: [chapter] }));
      expect(failures).toContainEqual(expect.stringMatching(report));
    },
    120_000,
  );
});

test("a plug-in below /run, which the kit covers with its own, is found", async () => {
  const directory = mkdtempSync("/run/plug in-");
  const path = join(directory, "driver.mjs");
  const plugin = JSON.stringify(resolve("test/support/kit/routed-plugin.mjs"));
  writeFileSync(
    path,
    `import { flawedPlugin, verification } from ${plugin};\nexport default flawedPlugin("");\nexport { verification };\n`,
  );
  const results = await resultsOf(path, { chapters: ["well formed", "interface"] });
  expect(failuresIn(results)).toEqual([]);
  expect(results.length).toBeGreaterThan(5);
  rmSync(directory, { recursive: true });
}, 120_000);

test("a module that is no extension, or does not load, is refused in words", async () => {
  const directory = mkdtempSync(join(tmpdir(), "tsd-no-plugin-"));
  writeFileSync(join(directory, "empty.mjs"), "export const nothing = 1;");
  writeFileSync(join(directory, "throws.mjs"), 'throw new Error("not today")');
  await expect(resultsOf(join(directory, "empty.mjs"))).rejects.toThrow(/brings no driver and no packet filter/);
  await expect(resultsOf(join(directory, "throws.mjs"))).rejects.toThrow(/cannot be loaded: not today/);
  await expect(resultsOf("no-such-driver")).rejects.toThrow(/no driver and no packet filter named "no-such-driver"/);
  rmSync(directory, { recursive: true });
});
