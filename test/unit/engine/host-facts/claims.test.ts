import { expect, test } from "@jest/globals";
import { claimsOf } from "../../../../src/engine/host-facts/claims.js";
import { endpointRow, idFrom, networkRow } from "../../store/support/rows.js";
import { TemporaryStore } from "../../store/support/temporary-store.js";

test("networks claim links by their options and lists, and subnets for the namespaces that they are in", () => {
  using temporary = new TemporaryStore();
  const store = temporary.open();
  const network = (digit: string, name: string, changes: object) => {
    const row = networkRow(idFrom(digit), name);
    store.networks.insert({ ...row, network: { ...row.network, ...changes } });
  };
  store.transaction(() => {
    network("a", "lan", { driver: "macvlan", options: { parent: "up0" }, subnets: [{ cidr: "10.7.0.0/16" }] });
    network("b", "far", { driver: "docker:p", options: { device: "up1" }, subnets: [{ cidr: "10.8.0.0/16" }] });
    for (const [digit, of] of [
      ["c", "a"],
      ["d", "b"],
    ] as const)
      store.endpoints.insert(endpointRow(idFrom(digit), idFrom(of)));
  });
  const claims = claimsOf(store);
  expect(["up0", "up1", "up"].map((link) => claims.networkWith(link, "docker:p"))).toEqual([
    "lan",
    undefined,
    undefined,
  ]);
  expect(claims.networkWith("up1", "docker:q")).toBe("far");
  expect(claims.subnetsBeside("/run/netns/x", idFrom("b"))).toEqual([{ cidr: "10.7.0.0/16", network: "lan" }]);
  expect(claims.subnetsBeside("/run/netns/y", idFrom("b"))).toEqual([]);
});
