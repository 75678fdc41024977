import { describe, expect, test } from "@jest/globals";
import type { Drift, Provider, Resource, ResourceKind } from "../../../../src/api/index.js";
import { ResourceApplier } from "../../../../src/engine/resources/resource-applier.js";

const link = (name: string): Resource => ({ kind: "link", type: "bridge", name });
const address: Resource = { kind: "address", link: "a", address: "10.0.0.1/24" };
const sysctl: Resource = { kind: "sysctl", key: "net/ipv4/conf/a/forwarding", value: "1" };

/** Two providers that write down what they are asked; the words in `refused` make them fail, and one refuses a kind. */
function witness(
  refused: readonly string[] = [],
  refusedKind?: ResourceKind,
): { applier: ResourceApplier; calls: string[]; loads: () => number } {
  const calls: string[] = [];
  let loads = 0;
  const provider = (name: string, kinds: readonly ResourceKind[]): Provider => {
    const note = (verb: string, resources: readonly Resource[]): void => {
      const call = `${name} ${verb} ${resources.map(({ kind }) => kind).join(",")}`;
      calls.push(call);
      if (refused.includes(call)) throw new Error(call);
    };
    return {
      kinds,
      ensure: async (resources) => note("ensure", resources),
      remove: async (resources) => note("remove", resources),
      inspect: async (resources): Promise<readonly Drift[]> => {
        note("inspect", resources);
        return resources.map((resource) => ({ resource, problem: "missing" }));
      },
      describe: async () => [],
    };
  };
  const applier = new ResourceApplier(async () => {
    loads++;
    const refuse = async (resources: readonly Resource[]): Promise<void> => {
      if (resources.some(({ kind }) => kind === refusedKind)) throw new Error(`refused ${refusedKind}`);
    };
    return [{ ...provider("net", ["link", "address"]), refuse }, provider("sys", ["sysctl"])];
  });
  return { applier, calls, loads: () => loads };
}

describe("a list", () => {
  test("is made in its order, what one provider owns in a row at once", async () => {
    const { applier, calls } = witness();
    await applier.ensure([link("a"), address, sysctl, link("b")]);
    expect(calls).toEqual(["net ensure link,address", "sys ensure sysctl", "net ensure link"]);
  });

  test("is made as far as it can be: what fails ends it", async () => {
    const { applier, calls } = witness(["sys ensure sysctl"]);
    await expect(applier.ensure([link("a"), sysctl, link("b")])).rejects.toThrow("sys ensure sysctl");
    expect(calls).toHaveLength(2);
  });

  test("is not begun if a provider refuses some of it", async () => {
    const { applier, calls } = witness([], "address");
    await expect(applier.ensure([sysctl, link("a"), address])).rejects.toThrow("refused address");
    await applier.ensure([link("a")]);
    expect(calls).toEqual(["net ensure link"]);
  });

  test("is taken apart in reverse, and past what fails, whose first error is thrown at the end", async () => {
    const { applier, calls } = witness(["sys remove sysctl", "net remove link"]);
    await expect(applier.remove([link("a"), sysctl, address])).rejects.toThrow("sys remove sysctl");
    expect(calls).toEqual(["net remove address", "sys remove sysctl", "net remove link"]);
  });

  test("is compared with the kernel by the provider of each resource", async () => {
    const { applier, calls } = witness();
    const drift = await applier.inspect([link("a"), sysctl]);
    expect(drift.map(({ resource }) => resource)).toEqual([link("a"), sysctl]);
    expect(calls).toEqual(["net inspect link", "sys inspect sysctl"]);
  });

  test("that is empty loads no provider, and others load them once", async () => {
    const { applier, loads } = witness();
    await applier.ensure([]);
    await applier.remove([]);
    expect(loads()).toBe(0);
    await Promise.all([applier.ensure([link("a")]), applier.ensure([sysctl])]);
    expect(loads()).toBe(1);
  });

  test("with a resource of a kind that no plug-in brings is refused before anything is touched", async () => {
    const { applier, calls } = witness();
    await expect(applier.ensure([link("a"), { kind: "netns", path: "/x" }])).rejects.toThrow(
      'no plug-in that is installed makes and removes resources of kind "netns"',
    );
    expect(calls).toEqual([]);
  });
});
