import { expect, test } from "@jest/globals";
import { canonicalAddress, canonicalCidr } from "../../../src/nat/canonical-address.js";
import { canonicalDestination } from "../../../src/nat/iptables/canonical-address.js";

test.each([
  ["10.0.0.1", "10.0.0.1"],
  ["2001:DB8:0:0::1", "2001:db8::1"],
  ["::0.180.0.3", "::b4:3"],
  ["::b4:3", "::b4:3"],
  ["::ffff:10.0.0.1", "::ffff:a00:1"],
])("%s is %s", (address, canonical) => {
  expect(canonicalAddress(address)).toBe(canonical);
});

test("what iptables writes around addresses is read as well", () => {
  expect(canonicalCidr("::0.180.0.3/128")).toBe("::b4:3");
  expect(canonicalCidr("10.0.0.9/24")).toBe("10.0.0.0/24");
  expect(canonicalDestination("[::0.180.0.3]:10-14/55977")).toBe("[::b4:3]:10-14/55977");
  expect(canonicalDestination("10.0.0.1-10.0.0.9")).toBe("10.0.0.1-10.0.0.9");
});
