import { describe, expect, test } from "@jest/globals";
import { API_VERSION, type Extension } from "../../../src/api/index.js";
import { catalogueOf, driverWith, pluginWith } from "../../support/plugins/plugin-of.js";

const provider = { kinds: ["tunnel"], ensure: noop, remove: noop, inspect: noop, describe: noop };
const backend = { ...provider, name: "pf", kinds: ["publish"], probe: noop, purge: noop, describePurge: noop };
const ipam = {
  name: "dhcp",
  parseOptions: noop,
  proposePool: noop,
  releasePool: noop,
  proposeAddress: noop,
  releaseAddress: noop,
};
const linkKind = { type: "macsec", data: noop, words: noop };
const whole = {
  drivers: [driverWith()],
  natBackends: [backend],
  ipam: [ipam],
  providers: [provider],
  linkKinds: [linkKind],
} as unknown as Partial<Extension>;

function noop(): void {
  // Nothing is called here.
}

const driver = (parts: object) => pluginWith({ drivers: [{ ...driverWith(), ...parts } as never] });
const capable = (parts: object) => driver({ capabilities: { ...driverWith().capabilities, ...parts } });

describe("an extension", () => {
  test("brings everything that it lists", () => {
    const catalogue = catalogueOf(pluginWith(whole));
    expect(catalogue.drivers.get("ptp")?.type).toBe("ptp");
    expect(catalogue.drivers.extensionOf("ptp")).toBe("acme");
    expect(catalogue.natBackend("pf")?.name).toBe("pf");
    expect(catalogue.ipam("dhcp")?.name).toBe("dhcp");
    expect(catalogue.provider("tunnel")?.kinds).toEqual(["tunnel"]);
    expect(catalogue.linkKind("macsec")?.type).toBe("macsec");
  });

  test("whose driver is a class keeps its own this", () => {
    class Own {
      readonly type = "own";
      readonly capabilities = driverWith().capabilities;
      readonly options = { a: "1" };
      parseOptions() {
        return this.options;
      }
      parseEndpointOptions() {
        return this.options;
      }
      network() {
        return [];
      }
      endpoint() {
        return [];
      }
    }
    expect(
      catalogueOf(pluginWith({ drivers: [new Own()] }))
        .drivers.get("own")
        ?.parseOptions({}),
    ).toEqual({ a: "1" });
  });

  test.each<[string, unknown, string | RegExp]>([
    ["nothing", undefined, "it is of type undefined, and no object"],
    ["a proxy", new Proxy({}, {}), /it is of type object, and no object/],
    [
      "a name that is none",
      { ...pluginWith(), name: "../x\u001b" },
      'an extension has the name "../x\\x1b", which is no name of a package',
    ],
    [
      "a newer version",
      { ...pluginWith(), apiVersion: 3 },
      `plug-in "acme" was written for API version 3, and this tsd has ${API_VERSION}`,
    ],
    [
      "no version",
      { name: "@me/acme" },
      `plug-in "@me/acme" does not say for which API version it was written, and this tsd has ${API_VERSION}`,
    ],
    [
      "more than there is",
      { ...pluginWith(), filters: [] },
      'plug-in "acme" brings "filters", which tsd does not know',
    ],
    ["drivers that are no list", { ...pluginWith(), drivers: {} }, 'the drivers of plug-in "acme" are no list'],
    [
      "a driver that is none",
      pluginWith({ drivers: [null as never] }),
      /a driver of plug-in "acme" is of type object, and no object/,
    ],
    ["a driver without a verb", driver({ endpoint: 1 }), 'driver "ptp" of plug-in "acme" has no function endpoint'],
    [
      "an optional verb that is none",
      driver({ observe: 1 }),
      'driver "ptp" of plug-in "acme" has observe, which is no function',
    ],
    [
      "a type that is none",
      driver({ type: "Ptp; rm" }),
      /has the type "Ptp; rm", and not a word of lower-case letters/,
    ],
    ["a type that is missing", driver({ type: undefined }), /has the type of type undefined/],
    ["a driver of one network", capable({ singleton: true }), /have singleton true, and not false/],
    ["a driver in the host's namespace", capable({ namespace: "host" }), /have the namespace "host", and not "own"/],
    [
      "no capabilities",
      driver({ capabilities: undefined }),
      /the capabilities of driver "ptp" of plug-in "acme" is of type undefined/,
    ],
    ["capabilities that say nothing", capable({ publishes: 1 }), /do not say needsIpam and publishes/],
    [
      "a provider of no kinds",
      pluginWith({ providers: [{ ...provider, kinds: [] } as never] }),
      'a provider of plug-in "acme" has no kinds',
    ],
    [
      "a kind of tsd's",
      pluginWith({ providers: [{ ...provider, kinds: ["file"] } as never] }),
      'plug-in "acme" brings the resource kind "file", which tsd itself has',
    ],
    [
      "a link type of tsd's",
      pluginWith({ linkKinds: [{ ...linkKind, type: "veth" } as never] }),
      'plug-in "acme" brings the link type "veth", which tsd itself has',
    ],
    [
      "a backend of tsd's",
      pluginWith({ natBackends: [{ ...backend, name: "nftables" } as never] }),
      'plug-in "acme" brings the NAT backend "nftables", which tsd itself has',
    ],
    [
      "a driver twice",
      pluginWith({ drivers: [driverWith(), driverWith()] }),
      'plug-in "acme" brings the network driver "ptp" twice',
    ],
    [
      "a loop",
      {
        ...pluginWith(),
        get drivers(): never {
          for (;;) {}
        },
      },
      /verb load: it did not return within 0.2 seconds/,
    ],
    [
      "an accessor that throws",
      {
        ...pluginWith(),
        get drivers(): never {
          throw new Error("no");
        },
      },
      /verb load: it threw Error: no/,
    ],
  ])("of %s is refused", (_, value, said) => {
    expect(() => catalogueOf(value)).toThrow(said);
    expect(() => catalogueOf(value)).toThrow(expect.objectContaining({ kind: "plugin" }));
  });

  test("that brings what another brings is refused, and both are named", () => {
    const other = { ...pluginWith({ drivers: [driverWith()] }), name: "other" };
    expect(() => catalogueOf(pluginWith({ drivers: [driverWith()] }), other)).toThrow(
      'plug-in "other" brings the network driver "ptp", which plug-in "acme" has',
    );
  });
});
