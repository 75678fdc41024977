import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Network, RawOptions, Resource } from "../../../src/api/index.js";
import { BridgeDriver } from "../../../src/drivers/bridge/bridge-driver.js";
import { FakeKernel } from "../../support/engine/fake-kernel.js";
import { failureOf } from "../store/support/temporary-store.js";
import { anyEndpoint, anyNetwork, dual, endpoint, network } from "./network-values.js";

const driver = new BridgeDriver();

function interfaceNames(resources: readonly Resource[]): readonly string[] {
  return resources.flatMap((resource) => (resource.kind === "link" ? [resource.name] : []));
}

describe("the results", () => {
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
        const addresses = net.subnets.map(({ cidr, gateway }) => `${gateway.replace(/1$/, "2")}/${cidr.split("/")[1]}`);
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

test("a port that one address of the host should have is refused where others reach the container directly", () => {
  const routed = network({ ...dual, options: { gateway_mode_ipv6: "routed" } });
  const bound = (hostAddress: string) =>
    endpoint({
      addresses: ["10.10.10.2/24", "fd00:10::2/64"],
      ports: [{ protocol: "tcp", hostAddress, hostPort: 80, containerPort: 80, count: 1 }],
    });
  const intents = (hostAddress: string) =>
    driver
      .endpoint(routed, bound(hostAddress))
      .flatMap(({ kind }) => (kind === "publish" || kind === "allow" ? kind : []));
  expect([intents("127.0.0.1"), intents("0.0.0.0"), intents("::")]).toEqual([["publish"], ["publish"], ["allow"]]);
  expect(failureOf(() => driver.endpoint(routed, bound("::1")))).toMatchObject({
    ...{ kind: "invalid-input", code: "TSD_PORT_ROUTED" },
    message: 'cannot publish on ::1: others reach fd00:10::2 on network "testbr" directly (gateway_mode=routed)',
  });
});

/** Any two publications may claim the same port here; the store refuses that before a driver is asked. */
function withoutOverlaps(resources: readonly Resource[]): readonly Resource[] {
  return resources.filter(({ kind }) => kind !== "publish");
}

describe("contradictions are refused", () => {
  const dualOptions = (options: RawOptions, more: Partial<Network> = {}) => network({ ...dual, ...more, options });
  test.each([
    [dualOptions({ adopt: "true" }), "adopt=true does not say which bridge"],
    [
      dualOptions({ gateway_mode: "isolated" }),
      "gateway_mode=isolated leaves the host without an address on it, so that nothing leads out of it",
    ],
    [
      dualOptions({ gateway_mode_ipv6: "routed" }, { internal: true }),
      "gateway_mode=routed is for networks that others reach, and this one is internal",
    ],
    [
      dualOptions({ gateway_mode: "isolated", icc: "false" }, { internal: true }),
      "with gateway_mode=isolated and icc=false its containers reach nobody at all",
    ],
    [
      dualOptions({ antispoof: "true", adopt: "true", name: "br9" }),
      "antispoof=true needs a bridge of tsd's own, which learns no MAC addresses from frames that no packet filter sees",
    ],
    [dualOptions({ mtu: "1279" }), "mtu=1279 is too small for its IPv6 subnet"],
    [
      network({ options: { outbound_addr6: "2001:db8::1" } }),
      "no packets leave with outbound_addr6=2001:db8::1: the network has no IPv6 subnet",
    ],
    [
      dualOptions({ outbound_addr4: "192.0.2.1" }, { internal: true }),
      "no packets leave with outbound_addr4=192.0.2.1: the network is internal",
    ],
    [
      dualOptions({ outbound_addr4: "192.0.2.1", masquerade: "false" }),
      "no packets leave with outbound_addr4=192.0.2.1: masquerade=false keeps their own",
    ],
    [
      dualOptions({ outbound_addr4: "192.0.2.1", gateway_mode: "routed" }),
      "no packets leave with outbound_addr4=192.0.2.1: gateway_mode=routed keeps their own",
    ],
  ])("%#: $options", (net, says) => {
    expect(failureOf(() => driver.network(net))).toMatchObject({
      ...{ kind: "invalid-input", code: "TSD_OPTION_CONFLICT" },
      message: `network "testbr": ${says}`,
    });
  });

  test("and what only looks like one is not", () => {
    const outbound = { outbound_addr4: "192.0.2.1", gateway_mode_ipv6: "routed" };
    expect(() => driver.network(dualOptions(outbound))).not.toThrow();
    expect(() => driver.network(network({ options: { mtu: "68", gateway_mode_ipv6: "isolated" } }))).not.toThrow();
    expect(() => driver.network(dualOptions({ mtu: "auto" }, { egressMtu: 576 }))).not.toThrow();
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
    [{ mtu: "auto" }, { mtu: "auto" }],
    [{ "com.docker.network.bridge.enable_icc": "false" }, { icc: "false" }],
    [{ isolate: "false" }, { isolate: "false" }],
    [{ gateway_mode: "nat" }, { gateway_mode: "nat" }],
    [{ "com.docker.network.bridge.gateway_mode_ipv4": "routed" }, { gateway_mode_ipv4: "routed" }],
    [{ "com.docker.network.bridge.gateway_mode_ipv6": "isolated" }, { gateway_mode_ipv6: "isolated" }],
    [{ host_binding: "::1" }, { host_binding: "::1" }],
    [{ host_binding_ipv4: "127.0.0.1" }, { host_binding: "127.0.0.1" }],
    [{ "com.docker.network.bridge.host_binding_ipv4": "127.0.0.1" }, { host_binding: "127.0.0.1" }],
    [{ "com.docker.network.host_ipv4": "192.0.2.1" }, { outbound_addr4: "192.0.2.1" }],
    [{ "com.docker.network.host_ipv6": "2001:db8::1" }, { outbound_addr6: "2001:db8::1" }],
    [{ "com.docker.network.container_iface_prefix": "lan" }, { iface_prefix: "lan" }],
    [
      { adopt: "true", name: "br9" },
      { adopt: "true", name: "br9" },
    ],
    [{ icc: "true", "com.docker.network.bridge.enable_icc": "true" }, { icc: "true" }],
  ])("%j are %j", (raw, canonical) => {
    expect(driver.parseOptions(raw)).toEqual(canonical);
    expect(driver.parseOptions(canonical)).toEqual(canonical);
  });

  test.each([
    [{ mtv: "1400" }, 'the bridge driver has no option "mtv"'],
    [{ mtu: "67" }, "option mtu=67 is not auto or a number of bytes from 68 to 65535"],
    [{ mtu: "65536" }, "option mtu=65536 is not auto or a number of bytes from 68 to 65535"],
    [{ mtu: "1e3" }, "option mtu=1e3 is not auto or a number of bytes from 68 to 65535"],
    [{ mtu: "" }, "option mtu= is not auto or a number of bytes from 68 to 65535"],
    [{ name: "a/b" }, "option name=a/b is not an interface name of at most 15 characters"],
    [{ name: "sixteen-letters-" }, "option name=sixteen-letters- is not an interface name of at most 15 characters"],
    [{ name: ".." }, "option name=.. is not an interface name of at most 15 characters"],
    [{ name: "all" }, "option name=all is not an interface name of at most 15 characters"],
    [{ ip_masq: "yes" }, "option ip_masq=yes is not true or false"],
    [{ gateway_mode: "nat-unprotected" }, "option gateway_mode=nat-unprotected is not nat, routed or isolated"],
    [{ outbound_addr4: "2001:db8::1" }, "option outbound_addr4=2001:db8::1 is not an IPv4 address"],
    [{ outbound_addr4: "192.0.2" }, "option outbound_addr4=192.0.2 is not an IPv4 address"],
    [{ outbound_addr6: "192.0.2.1" }, "option outbound_addr6=192.0.2.1 is not an IPv6 address"],
    [{ outbound_addr6: "fe80::1%eth0" }, "option outbound_addr6=fe80::1%eth0 is not an IPv6 address"],
    [{ outbound_addr6: "::ffff:1.2.3.4" }, "option outbound_addr6=::ffff:1.2.3.4 is not an IPv6 address"],
    [
      { host_binding: "localhost" },
      "option host_binding=localhost is not an IP address, of IPv4 where the key says so",
    ],
    [{ host_binding_ipv4: "::1" }, "option host_binding_ipv4=::1 is not an IP address, of IPv4 where the key says so"],
    [
      { iface_prefix: "thirteen-long" },
      "option iface_prefix=thirteen-long is not the beginning of an interface name, at most 12 characters",
    ],
    [
      { mtu: "1400", "com.docker.network.driver.mtu": "1500" },
      "options mtu=1400 and com.docker.network.driver.mtu=1500 mean the same and contradict each other",
    ],
    [{ constructor: "x" }, 'the bridge driver has no option "constructor"'],
  ])("%j are refused: %s", (raw, message) => {
    expect(failureOf(() => driver.parseOptions(raw))).toMatchObject({ kind: "invalid-input", message });
  });
});

describe("endpoint options", () => {
  const sysctls = "net.ipv4.conf.IFNAME.log_martians=1,net.ipv6.conf.IFNAME.accept_ra=2";
  test.each([
    [{}, {}],
    [{ ifname: "lan0" }, { ifname: "lan0" }],
    [{ interface_name: "lan0" }, { ifname: "lan0" }],
    [{ "com.docker.network.endpoint.ifname": "lan0" }, { ifname: "lan0" }],
    [{ host_interface_name: "web0" }, { host_ifname: "web0" }],
    [{ "com.docker.network.endpoint.sysctls": sysctls }, { sysctls }],
  ])("%j are %j", (raw, canonical) => {
    expect(driver.parseEndpointOptions(raw)).toEqual(canonical);
    expect(driver.parseEndpointOptions(canonical)).toEqual(canonical);
  });

  const list = "a list like net.ipv4.conf.IFNAME.log_martians=1,net.ipv6.conf.IFNAME.accept_ra=2";
  test.each([
    [{ mac: "02:00:00:00:00:09" }, 'the bridge driver has no option "mac"'],
    [
      { ifname: "sixteen-letters-" },
      "option ifname=sixteen-letters- is not an interface name of at most 15 characters",
    ],
    [{ sysctls: "" }, `option sysctls= is not ${list}`],
    [{ sysctls: "net.ipv4.ip_forward=1" }, `option sysctls=net.ipv4.ip_forward=1 is not ${list}`],
    [{ sysctls: "kernel.IFNAME.x=1" }, `option sysctls=kernel.IFNAME.x=1 is not ${list}`],
    [
      { sysctls: "net.ipv4.conf.IFNAME.log_martians" },
      `option sysctls=net.ipv4.conf.IFNAME.log_martians is not ${list}`,
    ],
    [{ sysctls: "net/ipv4/../../kernel.IFNAME.x=1" }, `option sysctls=net/ipv4/../../kernel.IFNAME.x=1 is not ${list}`],
  ])("%j are refused: %s", (raw, message) => {
    expect(failureOf(() => driver.parseEndpointOptions(raw))).toMatchObject({ kind: "invalid-input", message });
  });
});
