import { describe, expect, test } from "@jest/globals";
import { expectAgreement } from "../../../support/engine/agreement.js";
import { foreignNamespaces, World } from "../../../support/engine/world.js";
import { config, netns, Runtime } from "./runtime.js";

const [, other] = foreignNamespaces;
const ports = {
  portMappings: [
    { hostPort: 8000, containerPort: 8000, protocol: "tcp" },
    { hostPort: 8001, containerPort: 8001, protocol: "TCP" },
    { hostPort: 53, containerPort: 5353, protocol: "udp", hostIP: "127.0.0.1" },
  ],
};

describe("ADD", () => {
  test.each(["0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"])("prints the result of version %s", async (cniVersion) => {
    using world = new World();
    const { exitCode, json } = await new Runtime(world).call("ADD", { ...config, cniVersion });
    expect(exitCode).toBe(0);
    expect(json).toEqual({
      cniVersion,
      interfaces: [
        { name: expect.stringMatching(/^br-/) },
        { name: expect.stringMatching(/^veth/), mac: expect.any(String) },
        {
          ...{ name: "eth0", mac: expect.any(String), sandbox: netns },
          ...(cniVersion === "1.1.0" ? { mtu: expect.any(Number) } : {}),
        },
      ],
      ips: [
        {
          ...(cniVersion.startsWith("0") ? { version: "4" } : {}),
          ...{ interface: 2, address: "10.5.0.2/24", gateway: "10.5.0.1" },
        },
      ],
      routes: [{ dst: "0.0.0.0/0", gw: "10.5.0.1" }],
      ...(cniVersion.startsWith("0") ? { dns: {} } : {}),
    });
    expectAgreement(world);
  });

  test("publishes the ports of the capability, ranges as ranges, and takes address and MAC from the nearest source", async () => {
    using world = new World();
    const runtime = new Runtime(world);
    const runtimeConfig = { ...ports, ips: ["10.5.0.9/24"], mac: "02:00:00:00:00:09" };
    const CNI_ARGS = "IgnoreUnknown=1;K8S_POD_NAME=p;IP=10.5.0.7;MAC=02:00:00:00:00:07";
    const args = { cni: { ips: ["10.5.0.8"], mac: "02:00:00:00:00:08" } };
    await runtime.call("ADD", { ...config, runtimeConfig, args }, { CNI_ARGS });
    const [endpoint] = (await world.command()).endpoints.list();
    expect(endpoint).toMatchObject({
      addresses: ["10.5.0.9/24"],
      mac: "02:00:00:00:00:09",
      labels: { "cni.network": "net", "cni.container": "c1", "cni.interface": "eth0" },
      ports: [
        { protocol: "tcp", hostPort: 8000, containerPort: 8000, count: 2 },
        { protocol: "udp", hostAddress: "127.0.0.1", hostPort: 53, containerPort: 5353, count: 1 },
      ],
    });
    const without = await runtime.call(
      "ADD",
      { ...config, args },
      { CNI_CONTAINERID: "c2", CNI_NETNS: other, CNI_ARGS },
    );
    expect(without.json).toMatchObject({ ips: [{ address: "10.5.0.8/24" }] });
    await runtime.call("DEL", config, { CNI_CONTAINERID: "c2" });
    const least = await runtime.call("ADD", config, { CNI_CONTAINERID: "c2", CNI_NETNS: other, CNI_ARGS });
    expect(least.json).toMatchObject({ ips: [{ address: "10.5.0.7/24" }] });
  });

  test("adds to the result of plug-ins before it", async () => {
    using world = new World();
    const prevResult = {
      cniVersion: "1.1.0",
      interfaces: [{ name: "lo", sandbox: netns, strange: 1 }],
      ips: [{ address: "127.0.0.1/8", interface: 0 }],
    };
    const { json } = await new Runtime(world).call("ADD", {
      ...config,
      prevResult,
      dns: { nameservers: ["10.5.0.1"] },
    });
    expect(json.interfaces[0]).toEqual({ name: "lo", sandbox: netns, strange: 1 });
    expect(json.interfaces).toHaveLength(4);
    expect(json.ips).toEqual([
      { address: "127.0.0.1/8", interface: 0 },
      { address: "10.5.0.2/24", interface: 3, gateway: "10.5.0.1" },
    ]);
    expect(json.dns).toEqual({ nameservers: ["10.5.0.1"] });
  });

  test("is refused a second time for the same interface of a container, and leaves the first as it is", async () => {
    using world = new World();
    const runtime = new Runtime(world);
    await runtime.call("ADD", config);
    const before = world.snapshot();
    const { json } = await runtime.call("ADD", config);
    expect(json).toMatchObject({ code: 101, msg: `container c1 is on network "net" as eth0 already, in ${netns}` });
    expect(world.snapshot()).toEqual(before);
  });

  test("takes the place of the attachment of a namespace that the container had before", async () => {
    using world = new World();
    const runtime = new Runtime(world);
    await runtime.call("ADD", { ...config, runtimeConfig: ports });
    const again = await runtime.call("ADD", { ...config, runtimeConfig: ports }, { CNI_NETNS: other });
    expect(again).toMatchObject({ exitCode: 0 });
    expect((await world.command()).endpoints.list()).toMatchObject([{ netns: other }]);
    expectAgreement(world);
  });

  test("uses a network that exists and does not contradict, by its own name or by another", async () => {
    using world = new World();
    const runtime = new Runtime(world);
    await world.commandOnNetwork();
    const { subnet: _, ...bare } = config;
    expect((await runtime.call("ADD", { ...bare, network: "n" })).json).toMatchObject({
      ips: [{ address: "10.1.0.2/24" }],
    });
    const stated = { ...config, name: "n", driver: "bridge", subnet: "10.1.0.9/24", internal: false };
    expect(await runtime.call("ADD", stated, { CNI_CONTAINERID: "c2", CNI_NETNS: other })).toMatchObject({
      exitCode: 0,
    });
    for (const [key, value] of Object.entries({ subnet: "10.2.0.0/24", internal: true, driver: "macvlan" })) {
      const { json } = await runtime.call("ADD", { ...bare, name: "n", [key]: value }, { CNI_CONTAINERID: "c3" });
      expect(json).toMatchObject({ code: 7, msg: expect.stringMatching(`says ${key} .* network "n" has`) });
    }
  });

  test("makes its network again when the configuration has changed and nothing is on it, and is refused before", async () => {
    using world = new World();
    const runtime = new Runtime(world);
    const changed = { ...config, subnet: "10.6.0.0/24" };
    await runtime.call("ADD", config);
    const { json } = await runtime.call("ADD", changed, { CNI_CONTAINERID: "c2", CNI_NETNS: other });
    expect(json).toMatchObject({ code: 7, msg: expect.stringContaining('network "net" is in use and was made from') });
    await runtime.call("DEL", config);
    expect((await runtime.call("ADD", changed)).json).toMatchObject({ ips: [{ address: "10.6.0.2/24" }] });
    expectAgreement(world);
  });

  test("makes the network once when first attachments come at once", async () => {
    using world = new World();
    const runtime = new Runtime(world);
    const second = { CNI_CONTAINERID: "c2", CNI_NETNS: other };
    const both = await Promise.all([runtime.call("ADD", config), runtime.call("ADD", config, second)]);
    expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expectAgreement(world);
  });
});

describe("DEL", () => {
  test("frees all, again and again, without a namespace or a result; the network stays", async () => {
    using world = new World();
    const runtime = new Runtime(world);
    await runtime.call("ADD", config);
    await runtime.call("DEL", config);
    const before = world.snapshot();
    await runtime.call("ADD", { ...config, runtimeConfig: ports });
    for (const CNI_NETNS of ["", netns, "/proc/1/ns/nothing"])
      expect(await runtime.call("DEL", config, { CNI_NETNS })).toEqual({ exitCode: 0, json: undefined });
    expect(world.snapshot()).toEqual(before);
    expect(await new Runtime(world).call("DEL", { ...config, name: "never", nonsense: 1 })).toMatchObject({
      exitCode: 0,
    });
  });
});

describe("CHECK", () => {
  const checked = { ...config, prevResult: { cniVersion: "1.1.0" } };

  test("finds drift of the attachment and of its network, and no other", async () => {
    using world = new World();
    const runtime = new Runtime(world);
    await runtime.call("ADD", config);
    const [{ id = "", networkId = "" } = {}] = (await world.command()).endpoints.list();
    const missing = (kind: string, one: string): object => ({
      problem: "missing",
      of: { kind, id: one, name: "x" },
      resource: { kind: "address", link: "eth0", address: "10.5.0.2/24" },
      repairable: true,
    });
    runtime.drift = [missing("endpoint", "another"), { problem: "stray", kind: "link", name: "v" }];
    expect(await runtime.call("CHECK", checked)).toEqual({ exitCode: 0, json: undefined });
    for (const drift of [missing("endpoint", id), missing("network", networkId)]) {
      runtime.drift = [drift];
      expect((await runtime.call("CHECK", checked)).json).toMatchObject({
        code: 105,
        msg: expect.stringMatching(/differs from what the attachment needs: .*10\.5\.0\.2\/24.* is missing/),
      });
    }
  });

  test("knows no attachment that was not made, or is in another namespace", async () => {
    using world = new World();
    const runtime = new Runtime(world);
    await runtime.call("ADD", config);
    for (const changes of [{ CNI_CONTAINERID: "c9" }, { CNI_IFNAME: "eth9" }, { CNI_NETNS: other }])
      expect((await runtime.call("CHECK", checked, changes)).json).toMatchObject({ code: 3 });
    expect((await runtime.call("CHECK", config)).json).toMatchObject({ code: 7, msg: "prevResult is missing" });
  });
});

describe("GC", () => {
  test("detaches what is not valid any more, and nothing of other networks or programs", async () => {
    using world = new World();
    const runtime = new Runtime(world);
    await world.commandOnNetwork();
    await (await world.command()).endpoints.attach({ network: "n", netns });
    await runtime.call("ADD", { ...config, name: "other", subnet: "10.7.0.0/24" }, { CNI_IFNAME: "eth1" });
    await runtime.call("ADD", config, { CNI_IFNAME: "eth2" });
    await runtime.call("ADD", config, { CNI_CONTAINERID: "c2", CNI_NETNS: other });
    const valid = [{ containerID: "c2", ifname: "eth0" }];
    const gc = { ...config, "cni.dev/valid-attachments": valid, "cni.dev/attachments": valid };
    expect(await runtime.call("GC", gc)).toEqual({ exitCode: 0, json: undefined });
    expect((await world.command()).endpoints.list()).toMatchObject([
      { interface: "eth0", netns },
      { interface: "eth1" },
      { labels: { "cni.container": "c2" } },
    ]);
    await runtime.call("GC", config);
    expect((await world.command()).endpoints.list()).toHaveLength(2);
  });
});

test("STATUS says why nothing could be attached", async () => {
  using world = new World();
  const runtime = new Runtime(world);
  expect(await runtime.call("STATUS", config)).toEqual({ exitCode: 0, json: undefined });
  runtime.nat = { problem: "nft is not installed" };
  expect((await runtime.call("STATUS", config)).json).toMatchObject({
    code: 50,
    msg: "nothing can be attached: nft is not installed",
  });
});
