import { expect, test } from "@jest/globals";
import { twoHosts, web } from "../../../support/cluster/used-network.js";
import { Runtime } from "./runtime.js";

const { name: _name, subnets: [subnet] = [], ...rest } = web;
const config = { cniVersion: "1.1.0", name: "pods", type: "tsd", driver: rest.driver, subnet };

const addressIn = ({ json }: { readonly json: { readonly ips: readonly { readonly address: string }[] } }) =>
  json.ips[0]?.address;

test("nodes with one configuration have one network, which the first attachment of all makes", async () => {
  using hosts = twoHosts();
  await hosts.joined();
  const [a, b] = [new Runtime(hosts.a), new Runtime(hosts.b)];
  const added = await Promise.all([a.call("ADD", config), b.call("ADD", config)]);
  expect(added.map(({ exitCode, json }) => (exitCode === 0 ? 0 : json))).toEqual([0, 0]);
  const [first, second] = added.map(addressIn);
  expect(first).not.toBe(second);
  const [there, here] = [hosts.a, hosts.b].map(({ store }) => store.networks.list().map(({ network }) => network));
  expect(here).toMatchObject([
    { id: there?.[0]?.id, name: "pods", driver: "plain-overlay", labels: there?.[0]?.labels },
  ]);
  await hosts.expectAgreement();
  expect(await b.call("DEL", config)).toEqual({ exitCode: 0, json: undefined });
  expect(await a.call("GC", { ...config, "cni.dev/valid-attachments": [] })).toEqual({ exitCode: 0, json: undefined });
  await hosts.expectAgreement();
  expect(await b.call("ADD", config)).toMatchObject({ exitCode: 0 });
});

test("a network that an administrator has created on another node is used by its name, and must not be contradicted", async () => {
  using hosts = twoHosts();
  const { a } = await hosts.joined();
  const { id } = await a.networks.create(web);
  const b = new Runtime(hosts.b);
  const plain = { cniVersion: "1.1.0", name: "pods", type: "tsd", network: "web" };
  expect(await b.call("ADD", { ...plain, subnet: "10.9.0.0/16" })).toMatchObject({
    exitCode: 1,
    json: { code: 7, msg: expect.stringContaining('subnet "10.9.0.0/16", and network "web" has "10.5.0.0/16"') },
  });
  expect(hosts.b.store.networks.list()).toEqual([]);
  expect(await b.call("ADD", plain)).toMatchObject({ exitCode: 0 });
  expect(hosts.b.store.networks.list()).toMatchObject([{ id, network: { driver: "plain-overlay" } }]);
  await hosts.expectAgreement();
});

test("a node whose configuration is another one is refused, and takes no network from the others", async () => {
  using hosts = twoHosts();
  await hosts.joined();
  await new Runtime(hosts.a).call("ADD", config);
  const other = await new Runtime(hosts.b).call("ADD", { ...config, options: { block: "28" } });
  expect(other).toMatchObject({ exitCode: 1, json: { code: 7, msg: expect.stringContaining("block") } });
  expect(hosts.b.store.networks.list()).toEqual([]);
  await hosts.expectAgreement();
});

test("CHECK complains of an agent that is gone, and not of what other hosts have written", async () => {
  using hosts = twoHosts();
  await hosts.joined();
  const a = new Runtime(hosts.a);
  const { json: prevResult } = await a.call("ADD", config);
  const [row] = hosts.a.store.networks.list();
  const of = { kind: "network", id: row?.id, name: "pods" };
  const resource = { kind: "membership", network: row?.id };
  a.drift = [{ resource, problem: "different", found: "record members/h9 is ignored", of, repairable: true }];
  expect(await a.call("CHECK", { ...config, prevResult })).toEqual({ exitCode: 0, json: undefined });
  a.drift = [{ resource, problem: "missing", of, repairable: true }];
  expect(await a.call("CHECK", { ...config, prevResult })).toMatchObject({ exitCode: 1, json: { code: 105 } });
});
