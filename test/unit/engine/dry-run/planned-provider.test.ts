import { describe, expect, test } from "@jest/globals";
import type { Provider, Resource, Step } from "../../../../src/api/index.js";
import { PlannedMachine } from "../../../../src/engine/dry-run/planned-machine.js";
import { PlannedProvider } from "../../../../src/engine/dry-run/planned-provider.js";

const netns: Resource = { kind: "netns", path: "/run/n" };
const bridge: Resource = { kind: "link", type: "bridge", name: "br0" };
const veth: Resource = { kind: "link", type: "veth", name: "v0", peer: { netns: "/run/n", name: "eth0" } };
const inside: Resource = { kind: "address", netns: "/run/n", link: "eth0", address: "10.0.0.2/24" };
const address: Resource = { kind: "address", link: "br0", address: "10.0.0.1/24" };
const forwarding: Resource = { kind: "sysctl", key: "net/ipv4/conf/br0/forwarding", value: "1" };
const directory: Resource = { kind: "directory", path: "/d" };
const file: Resource = { kind: "file", path: "/d/f", content: "a\n" };
const overlay: Resource = { kind: "overlay", path: "/d", lower: ["/l"], upper: "/u", work: "/w" };

/** A provider over a kernel that has `present`, and must not be changed. */
function setUp(present: readonly Resource[] = []) {
  const steps: Step[] = [];
  const kept = new Set(present.map((resource) => JSON.stringify(resource)));
  const refuse = async (): Promise<never> => {
    throw new Error("the kernel is touched");
  };
  const real: Provider = {
    kinds: ["netns", "link", "address", "sysctl", "directory", "file", "overlay"],
    ensure: refuse,
    remove: refuse,
    inspect: async (resources) =>
      resources.flatMap((resource) =>
        kept.has(JSON.stringify(resource)) ? [] : [{ resource, problem: "missing" as const }],
      ),
    describe: async (verb, [resource]) => [`${verb} ${resource?.kind}`],
  };
  const planned = new PlannedProvider(real, new PlannedMachine(), (step) => steps.push(step));
  const told = () => steps.splice(0).map(({ verb, sends }) => `${verb}: ${sends.join(", ")}`);
  return { planned, told };
}

describe("a plan of resources", () => {
  test("reports what is missing in its order, and says what is there already", async () => {
    const { planned, told } = setUp([bridge]);
    await planned.ensure([bridge, address, forwarding]);
    expect(told()).toEqual(["make: ", "make: ensure address", "make: ensure sysctl"]);
    await planned.ensure([bridge, address]);
    expect(told()).toEqual(["make: ", "make: "]);
  });

  test.each([
    ["a link", [bridge], [address, forwarding]],
    ["a namespace", [netns], [veth, inside]],
    ["a directory", [directory], [file]],
  ])("%s takes with it what it holds, and comes back empty", async (_, holders, held) => {
    const { planned, told } = setUp([...holders, ...held]);
    expect(await planned.inspect(held)).toEqual([]);
    await planned.remove(holders);
    await planned.remove(held);
    expect(told().slice(1)).toEqual(held.map(() => "remove: "));
    expect(await planned.inspect(held)).toEqual(held.map((resource) => ({ resource, problem: "missing" })));
    await planned.ensure([...holders, ...held]);
    expect(told().every((line) => line.startsWith("make: ensure "))).toBe(true);
    await planned.remove(holders);
    expect(await planned.inspect(held)).toHaveLength(held.length);
  });

  test("an address goes with a link of the same list, whatever their order", async () => {
    const { planned, told } = setUp([bridge, address]);
    await planned.remove([address, bridge]);
    expect(told()).toEqual(["remove: ", "remove: remove link"]);
  });

  test("a directory is there once nothing is mounted on it any more", async () => {
    const { planned, told } = setUp([overlay]);
    await planned.remove([overlay]);
    await planned.ensure([directory, overlay]);
    expect(told()).toEqual(["remove: remove overlay", "make: ", "make: ensure overlay"]);
  });
});
