import { expect, test } from "@jest/globals";
import { expectAgreement } from "../../../support/engine/agreement.js";
import { foreignNamespaces, World } from "../../../support/engine/world.js";

const [netns] = foreignNamespaces;
const place = { network: "n", netns: "yet to come", handover: "peer0" };

test("an interface is handed over: what is inside its namespace is the caller's, and nothing is left behind", async () => {
  using world = new World();
  const { endpoints } = await world.commandOnNetwork();
  const before = world.snapshot();
  const { id } = await endpoints.attach({ ...place, publish: ["8080:80"] });
  const { resources } = endpoints.inspect(id);
  expect(resources.map(({ kind }) => kind)).toEqual(["link", "publish"]);
  expect(resources[0]).toMatchObject({ peer: { name: "peer0", handedOver: true } });
  expect(resources[0]).not.toHaveProperty("peer.netns");
  expectAgreement(world);
  await endpoints.detach(id);
  expect(world.snapshot()).toEqual(before);
});

test("its namespace is noted once it is known, with the first name that is free there", async () => {
  using world = new World();
  const { endpoints } = await world.commandOnNetwork();
  const { id } = await endpoints.attach(place);
  const { resources } = endpoints.inspect(id);
  expect(await endpoints.place(id, netns)).toMatchObject({ id, netns, interface: "eth0" });
  expect(await endpoints.place(id, netns)).toMatchObject({ interface: "eth0" });
  expect(endpoints.inspect(id).resources).toEqual(resources);
  const attached = await endpoints.attach({ network: "n", netns: foreignNamespaces[1] });
  await expect(endpoints.place(attached.id, netns)).rejects.toMatchObject({ code: "TSD_ENDPOINT_PLACED" });
  expectAgreement(world);
});

test("an endpoint publishes what it is told to and no more, and what is in use is refused", async () => {
  using world = new World();
  const { endpoints } = await world.commandOnNetwork();
  const { id } = await endpoints.attach(place);
  const other = await endpoints.attach({ ...place, netns: "another", handover: "peer1" });
  const portsOf = (ref: string) => endpoints.inspect(ref).endpoint.ports.map(({ hostPort }) => hostPort);
  await endpoints.publish(id, ["8080:80", "8081:81"]);
  await endpoints.publish(id, ["8081:81", "8082:82"]);
  expect(portsOf(id)).toEqual([8081, 8082]);
  await expect(endpoints.publish(other.id, ["8081:1"])).rejects.toMatchObject({ code: "TSD_PORT_TAKEN" });
  expect(portsOf(other.id)).toEqual([]);
  expectAgreement(world);
  await endpoints.publish(id, []);
  await endpoints.publish(other.id, ["8081:1"]);
  expect([id, other.id].map(portsOf)).toEqual([[], [8081]]);
  expectAgreement(world);
});
