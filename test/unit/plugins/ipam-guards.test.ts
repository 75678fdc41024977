import { describe, expect, test } from "@jest/globals";
import { type IpamDriver, TsdError } from "../../../src/api/index.js";
import { catalogueOf, pluginWith } from "../../support/plugins/plugin-of.js";

const pool = { cidr: "10.66.0.0/24", gateway: "10.66.0.1" };
const lease = { networkId: "a".repeat(64), options: {}, holder: "e".repeat(64) };
const proposal = { ...lease, networkName: "n", family: 4, taken: [], pool, leased: [] } as const;

type WaitingVerb = Exclude<keyof IpamDriver, "name" | "parseOptions">;

/** With one verb that does that; the others reply soundly. */
function driverWhose(verb: keyof IpamDriver, work: () => unknown): IpamDriver {
  const sound: IpamDriver = {
    name: "dhcp",
    parseOptions: (raw) => raw,
    proposePool: () => pool,
    releasePool: () => undefined,
    proposeAddress: () => "10.66.0.2",
    releaseAddress: () => undefined,
  };
  const driver = catalogueOf(pluginWith({ ipam: [{ ...sound, [verb]: work }] })).ipam("dhcp");
  if (driver === undefined) throw new Error("there is no such IPAM driver");
  return driver;
}

async function errorOf(verb: WaitingVerb, work: () => unknown): Promise<unknown> {
  try {
    return await driverWhose(verb, work)[verb](proposal);
  } catch (error) {
    return error;
  }
}

const misdeeds: readonly (readonly [string, () => unknown, RegExp])[] = [
  ["never finishes", () => new Promise(() => undefined), /it did not finish within 0.3 seconds$/],
  ["rejects with a string", () => Promise.reject("no lease"), /it threw "no lease"$/],
  [
    "loops",
    () => {
      for (;;) {}
    },
    /it did not (return|finish) within 0.[23] seconds$/,
  ],
];

describe.each<WaitingVerb>(["proposePool", "releasePool", "proposeAddress", "releaseAddress"])(
  "an IPAM driver whose verb %s",
  (verb) => {
    test.each(misdeeds)("%s", async (_, work, said) => {
      const error = await errorOf(verb, work);
      expect(TsdError.is(error, "plugin")).toBe(true);
      expect((error as TsdError).message).toMatch(new RegExp(`^plug-in "acme", verb ${verb}, IPAM driver "dhcp": `));
      expect((error as TsdError).message).toMatch(said);
    });
  },
);

test("an IPAM driver whose options take too long is named", () => {
  const driver = driverWhose("parseOptions", () => {
    for (;;) {}
  });
  expect(() => driver.parseOptions({})).toThrow(/verb parseOptions, IPAM driver "dhcp": it did not return within 0.2/);
});
