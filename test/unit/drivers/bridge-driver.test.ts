import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Resource } from "../../../src/api/index.js";
import { BridgeDriver } from "../../../src/drivers/bridge/bridge-driver.js";
import { FakeKernel } from "../../support/engine/fake-kernel.js";
import { failureOf } from "../store/support/temporary-store.js";
import { anyEndpoint, anyNetwork, endpoint, network } from "./network-values.js";

const driver = new BridgeDriver();

function interfaceNames(resources: readonly Resource[]): readonly string[] {
  return resources.flatMap((resource) => (resource.kind === "link" ? [resource.name] : []));
}

describe("the answers", () => {
  test("depend on the arguments alone, whatever made those", () => {
    fc.assert(
      fc.property(anyNetwork, anyEndpoint, (net, end) => {
        const lists = [driver.network(net), driver.endpoint(net, end)];
        const copies = [net, end].map((value) => JSON.parse(JSON.stringify(value)));
        expect([new BridgeDriver().network(copies[0]), new BridgeDriver().endpoint(copies[0], copies[1])]).toEqual(
          lists,
        );
        expect([net, end]).toEqual(copies);
      }),
    );
  });

  test("come back from the store as they went in", () => {
    fc.assert(
      fc.property(anyNetwork, anyEndpoint, (net, end) => {
        for (const list of [driver.network(net), driver.endpoint(net, end)])
          expect(JSON.parse(JSON.stringify(list))).toStrictEqual(list);
      }),
    );
  });

  test("can be made in their order, and name interfaces that Linux takes", () => {
    fc.assert(
      fc.property(anyNetwork, anyEndpoint, (net, end) => {
        const kernel = new FakeKernel();
        for (const { name } of net.uplinks) kernel.links.addDevice(name);
        const addresses = net.subnets.map(({ gateway }) => `${gateway.replace(/\.1$/, ".2")}/24`);
        const lists = [...driver.network(net), ...driver.endpoint(net, { ...end, addresses })];
        fc.pre(!net.uplinks.some(({ name }) => interfaceNames(lists).includes(name)));
        kernel.ensure([{ kind: "netns", path: end.netns }, ...withoutOverlaps(lists)]);
        for (const name of interfaceNames(lists)) expect(name.length).toBeLessThanOrEqual(15);
      }),
    );
  });

  test("on an address publish on the container's addresses of its family alone", () => {
    const both = endpoint({
      addresses: ["10.10.10.2/24", "fd00::2/64"],
      ports: [
        { protocol: "tcp", hostPort: 1, containerPort: 1, count: 1 },
        { protocol: "tcp", hostAddress: "::1", hostPort: 2, containerPort: 2, count: 1 },
        { protocol: "tcp", hostAddress: "127.0.0.1", hostPort: 3, containerPort: 3, count: 1 },
      ],
    });
    const published = driver
      .endpoint(network(), both)
      .flatMap((resource) => (resource.kind === "publish" ? [[resource.hostPort, resource.containerAddress]] : []));
    expect(published).toEqual([
      [1, "10.10.10.2"],
      [1, "fd00::2"],
      [2, "fd00::2"],
      [3, "10.10.10.2"],
    ]);
  });
});

/** Any two publications may claim the same port here; the store refuses that before a driver is asked. */
function withoutOverlaps(resources: readonly Resource[]): readonly Resource[] {
  return resources.filter(({ kind }) => kind !== "publish");
}

test("a subnet that the driver cannot serve is refused by name", () => {
  const error = failureOf(() => driver.network(network({ subnets: [{ cidr: "fd00::/64", gateway: "fd00::1" }] })));
  expect(error).toMatchObject({
    kind: "unsupported",
    code: "TSD_BRIDGE_IPV6",
    message: "the bridge driver has no IPv6 yet, and fd00::/64 is an IPv6 subnet",
  });
});

describe("options", () => {
  test.each([
    [{}, {}],
    [
      { name: "tsd0", mtu: "1400" },
      { name: "tsd0", mtu: "1400" },
    ],
    [{ "com.docker.network.bridge.name": "br0" }, { name: "br0" }],
    [{ "com.docker.network.driver.mtu": "68" }, { mtu: "68" }],
    [{ mtu: "65535" }, { mtu: "65535" }],
    [{ ip_masq: "false" }, { masquerade: "false" }],
    [{ "com.docker.network.bridge.enable_ip_masquerade": "true" }, { masquerade: "true" }],
  ])("%j are %j", (raw, canonical) => {
    expect(driver.parseOptions(raw)).toEqual(canonical);
    expect(driver.parseOptions(canonical)).toEqual(canonical);
  });

  test.each([
    [{ mtv: "1400" }, 'the bridge driver has no option "mtv"'],
    [{ mtu: "67" }, "option mtu=67 is not a number of bytes from 68 to 65535"],
    [{ mtu: "65536" }, "option mtu=65536 is not a number of bytes from 68 to 65535"],
    [{ mtu: "1e3" }, "option mtu=1e3 is not a number of bytes from 68 to 65535"],
    [{ mtu: "" }, "option mtu= is not a number of bytes from 68 to 65535"],
    [{ name: "a/b" }, "option name=a/b is not an interface name of at most 15 characters"],
    [{ name: "sixteen-letters-" }, "option name=sixteen-letters- is not an interface name of at most 15 characters"],
    [{ name: ".." }, "option name=.. is not an interface name of at most 15 characters"],
    [{ ip_masq: "yes" }, "option ip_masq=yes is not true or false"],
    [{ constructor: "x" }, 'the bridge driver has no option "constructor"'],
  ])("%j are refused: %s", (raw, message) => {
    expect(failureOf(() => driver.parseOptions(raw))).toMatchObject({ kind: "invalid-input", message });
  });
});
