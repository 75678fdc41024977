import { expect, test } from "@jest/globals";
import { NamespaceDriver } from "../../../src/drivers/namespace/namespace-driver.js";
import { failureOf } from "../store/support/temporary-store.js";

const driver = new NamespaceDriver("host", "host");

test("a namespace as it stands needs nothing and has one network", () => {
  expect(driver).toMatchObject({
    type: "host",
    capabilities: { namespace: "host", singleton: true, needsIpam: false, publishes: false },
  });
  expect([driver.network(), driver.endpoint()]).toEqual([[], []]);
});

test("there is nothing to choose", () => {
  expect([driver.parseOptions({}), driver.parseEndpointOptions({})]).toEqual([{}, {}]);
  for (const parse of [() => driver.parseOptions({ mtu: "1400" }), () => driver.parseEndpointOptions({ mtu: "1400" })])
    expect(failureOf(parse)).toMatchObject({
      ...{ kind: "invalid-input", code: "TSD_OPTION_UNKNOWN" },
      message: 'the network "host" has no options, and so none called "mtu"',
    });
});
