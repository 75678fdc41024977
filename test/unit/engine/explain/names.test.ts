import { expect, test } from "@jest/globals";
import type { ContainerRow } from "../../../../src/contracts/index.js";
import { BridgeDriver } from "../../../../src/drivers/bridge/bridge-driver.js";
import { Landscape } from "../../../../src/engine/explain/landscape.js";
import { Who } from "../../../../src/engine/explain/who.js";
import { driversOf } from "../../../support/engine/drivers-of.js";
import { Scene } from "../names/scene.js";
import { matrixFacts } from "./matrix-landscape.js";

function callFrom(scene: Scene, { container: { name } }: ContainerRow, ref: string) {
  const { writer: store } = scene;
  const [networks, endpoints, containers] = [store.networks.list(), store.endpoints.list(), store.containers.list()];
  const land = new Landscape({ ...{ networks, endpoints, containers, peers: [] }, machine: matrixFacts().machine });
  const file = { path: "/etc/resolv.conf", text: "", nameservers: scene.nameservers, search: [], options: [] };
  const who = new Who({ store, drivers: driversOf(new BridgeDriver()) }, land, { resolverFiles: () => [file] });
  const caller = who.caller(name);
  if ("why" in caller) throw new Error(caller.why);
  return who.address(ref, caller);
}

test.each<[string, object]>([
  ["db", { address: "10.2.0.2", named: "the resolver of container web says that db is 10.2.0.2, near.back" }],
  ["DB.back", { address: "10.2.0.2", named: expect.stringContaining("DB.back is 10.2.0.2") }],
  ["far", { address: "10.1.0.2", named: "the resolver of container web does not know far" }],
  ["gateway", { address: "10.2.0.1", named: "the resolver of container web says that gateway is 10.2.0.1" }],
  ["10.1.0.2", { address: "10.1.0.2" }],
])("a container with a resolver calls %s as that resolves it", (ref, expected) => {
  using scene = inhabited();
  const web = scene.container({ name: "web", on: [{ network: "back", addresses: ["10.2.0.9/24"] }] });
  expect(callFrom(scene, web, ref)).toEqual(expected);
});

test("a name of the world is the resolver's to forward, and the error names whom it asks", () => {
  using scene = inhabited();
  const web = scene.container({ name: "web", on: [{ network: "back", addresses: ["10.2.0.9/24"] }] });
  expect(() => callFrom(scene, web, "www.example.net")).toThrow(
    /"www\.example\.net": the resolver of container web asks 127\.0\.0\.53 for it/,
  );
});

test("a container without one goes by its /etc/hosts", () => {
  using scene = inhabited();
  const on = [{ network: "bridge", addresses: ["10.0.0.9/24"] }];
  const web = scene.container({ name: "web", on, hosts: ["192.0.2.9\toutside"] });
  expect(callFrom(scene, web, "outside")).toMatchObject({
    address: "192.0.2.9",
    named: expect.stringMatching(/^\/etc\/hosts of container web says that outside is 192\.0\.2\.9/),
  });
});

function inhabited(): Scene {
  const scene = new Scene();
  for (const [at, name] of ["bridge", "front", "back"].entries()) {
    scene.network(name, { subnets: [{ cidr: `10.${at}.0.0/24`, gateway: `10.${at}.0.1` }] });
  }
  scene.container({ name: "far", on: [{ network: "front", addresses: ["10.1.0.2/24"], aliases: ["db"] }] });
  scene.container({ name: "near", on: [{ network: "back", addresses: ["10.2.0.2/24"], aliases: ["db"] }] });
  return scene;
}
