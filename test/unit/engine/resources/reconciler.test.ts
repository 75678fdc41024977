import { describe, expect, test } from "@jest/globals";
import type { Drift, Provider, Resource, ResourceKind } from "../../../../src/api/index.js";
import { Reconciler } from "../../../../src/engine/resources/reconciler.js";

const link = (name: string): Resource => ({ kind: "link", type: "bridge", name });
const address: Resource = { kind: "address", link: "a", address: "10.0.0.1/24" };
const sysctl: Resource = { kind: "sysctl", key: "net/ipv4/conf/a/forwarding", value: "1" };

/** Two providers that write down what they are asked; the words in `refused` make them fail. */
function witness(refused: readonly string[] = []): { reconciler: Reconciler; calls: string[]; loads: () => number } {
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
  const reconciler = new Reconciler(async () => {
    loads++;
    return [provider("net", ["link", "address"]), provider("sys", ["sysctl"])];
  });
  return { reconciler, calls, loads: () => loads };
}

describe("a list", () => {
  test("is made in its order, what one provider owns in a row at once", async () => {
    const { reconciler, calls } = witness();
    await reconciler.ensure([link("a"), address, sysctl, link("b")]);
    expect(calls).toEqual(["net ensure link,address", "sys ensure sysctl", "net ensure link"]);
  });

  test("is made as far as it can be: what fails ends it", async () => {
    const { reconciler, calls } = witness(["sys ensure sysctl"]);
    await expect(reconciler.ensure([link("a"), sysctl, link("b")])).rejects.toThrow("sys ensure sysctl");
    expect(calls).toHaveLength(2);
  });

  test("is taken apart in reverse, and past what fails, whose first error is thrown at the end", async () => {
    const { reconciler, calls } = witness(["sys remove sysctl", "net remove link"]);
    await expect(reconciler.remove([link("a"), sysctl, address])).rejects.toThrow("sys remove sysctl");
    expect(calls).toEqual(["net remove address", "sys remove sysctl", "net remove link"]);
  });

  test("is compared with the kernel by whoever owns each resource", async () => {
    const { reconciler, calls } = witness();
    const drift = await reconciler.inspect([link("a"), sysctl]);
    expect(drift.map(({ resource }) => resource)).toEqual([link("a"), sysctl]);
    expect(calls).toEqual(["net inspect link", "sys inspect sysctl"]);
  });

  test("that is empty loads no provider, and others load them once", async () => {
    const { reconciler, loads } = witness();
    await reconciler.ensure([]);
    await reconciler.remove([]);
    expect(loads()).toBe(0);
    await Promise.all([reconciler.ensure([link("a")]), reconciler.ensure([sysctl])]);
    expect(loads()).toBe(1);
  });

  test("with a resource that nobody owns is a bug, said as such before anything is touched", async () => {
    const { reconciler, calls } = witness();
    await expect(reconciler.ensure([link("a"), { kind: "netns", path: "/x" }])).rejects.toThrow(
      "no provider for resources of kind netns",
    );
    expect(calls).toEqual([]);
  });
});
