import { execFileSync } from "node:child_process";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { BridgeLink } from "../../../src/api/link-resource.js";
import type { Route } from "../../../src/api/resource.js";
import { RtnetlinkProvider } from "../../../src/kernel/rtnetlink/rtnetlink-provider.js";
import { enterWorld, ip, leaveWorld } from "./world.js";

const provider = new RtnetlinkProvider();
const bridge: BridgeLink = { kind: "link", type: "bridge", name: "br0" };
const route: Route = { kind: "route", link: "br0", destination: "0.0.0.0/0", gateway: "10.10.10.1" };
const route6: Route = { kind: "route", link: "br0", destination: "::/0", gateway: "fd00:10::1" };

beforeAll(() => enterWorld());
afterAll(() => {
  provider[Symbol.dispose]();
  leaveWorld();
});
beforeEach(() =>
  provider.ensure([
    bridge,
    { kind: "address", link: "br0", address: "10.10.10.2/24" },
    { kind: "address", link: "br0", address: "fd00:10::2/64" },
  ]),
);
afterEach(() => provider.remove([bridge]));

describe("routes to one destination with different metrics", () => {
  const metrics: readonly Route[] = [
    ...[route, { ...route, metric: 7 }, { ...route, metric: 1024 }],
    ...[route6, { ...route6, metric: 7 }, { ...route6, metric: 2048 }],
  ];

  test("stand side by side", async () => {
    await provider.ensure(metrics);
    await provider.ensure(metrics);
    expect(await provider.inspect(metrics)).toEqual([]);
    const found = (family: string) => ip(`${family} route show default`).map(({ metric = 0 }) => metric as number);
    expect(found("-4")).toEqual([0, 7, 1024]);
    expect(found("-6")).toEqual([7, 1024, 2048]);
  });

  test("are removed one by one", async () => {
    await provider.ensure(metrics);
    for (const gone of metrics) {
      await provider.remove([gone]);
      // Again, now that only those of other metrics are there.
      await provider.remove([gone]);
      expect((await provider.inspect(metrics)).map(({ resource, problem }) => [resource, problem])).toEqual(
        metrics.slice(0, metrics.indexOf(gone) + 1).map((resource) => [resource, "missing"]),
      );
    }
  });

  test("conflict only where the metric is the same", async () => {
    execFileSync("ip", "route add default via 10.10.10.9 metric 7".split(" "));
    await expect(provider.ensure([{ ...route, metric: 7 }])).rejects.toMatchObject({
      message:
        "0.0.0.0/0 is routed via 10.10.10.9 dev br0 metric 7 already, not 0.0.0.0/0 via 10.10.10.1 dev br0 metric 7",
    });
    expect(await provider.inspect([{ ...route, metric: 8 }])).toMatchObject([{ problem: "missing" }]);
  });
});
