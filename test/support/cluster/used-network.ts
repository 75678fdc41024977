import type { NetworkSpec } from "../../../src/api/index.js";
import type { TsdProcess } from "../engine/tsd-process.js";
import { World } from "../engine/world.js";
import { TwoHosts } from "./cluster-agreement.js";

export const web: NetworkSpec = { name: "web", driver: "plain-overlay", subnets: ["10.5.0.0/16"] };

export function twoHosts(): TwoHosts {
  return new TwoHosts({ a: new World(), b: new World() });
}

export const run = (process: TsdProcess, name: string, network: object = { network: "web" }) =>
  process.containers.runDetached({ image: "busybox", name, networks: [network as { network: string }] });

export const addressOf = (world: World, name: string): string | undefined =>
  world.store.endpoints.ofContainer(world.store.containers.resolve(name).id)[0]?.endpoint.addresses[0];
