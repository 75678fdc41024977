import { expect, test } from "@jest/globals";
import type { Step } from "../../../../src/api/index.js";
import { foreignNamespaces, World } from "../../../support/engine/world.js";

test("a dry run asks no IPAM driver, says so, and lets tsd's own table choose", async () => {
  using world = new World("ledger");
  const told: Step[] = [];
  const tsd = await world.command();
  world.ipam.plansTo = (step) => told.push(step);
  const network = await tsd.networks.create({ name: "n" });
  const { id, addresses } = await tsd.endpoints.attach({ network: "n", netns: foreignNamespaces[0] });
  await tsd.endpoints.detach(id);
  await tsd.networks.remove("n");
  expect(network.subnets).toHaveLength(1);
  expect(addresses).toHaveLength(1);
  expect(world.ipam.asked).toEqual([]);
  const [{ cidr } = { cidr: "" }] = network.subnets;
  expect(told.map((step) => (step.verb === "run" ? step.what : ""))).toEqual([
    'imagine any IPv4 subnet, in place of the pool from IPAM driver "ledger"',
    `imagine an address of ${cidr}, in place of that from IPAM driver "ledger"`,
    `release the addresses of endpoint ${id.slice(0, 12)} to IPAM driver "ledger"`,
    `release the pools of network ${network.id.slice(0, 12)} to IPAM driver "ledger"`,
  ]);
  expect(world.store.debts.list()).toEqual([]);
});
