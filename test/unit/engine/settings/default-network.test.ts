import { describe, expect, test } from "@jest/globals";
import type { HostSettings, Network } from "../../../../src/api/index.js";
import { expectAgreement, expectNothingLeft } from "../../../support/engine/agreement.js";
import { World } from "../../../support/engine/world.js";

describe("a container without a network of its own name", () => {
  test("is on the default network, which is made for the first one", async () => {
    using world = new World();
    const { containers, networks } = await world.command();
    await containers.runDetached({ image: "busybox", name: "a" });
    await containers.runDetached({ image: "busybox", name: "b" });
    expect(networks.list()).toMatchObject([
      { name: "bridge", options: { name: "tsd0" } },
      { name: "host", driver: "host" },
      { name: "none", driver: "none" },
    ]);
    expectAgreement(world);
  });

  test("may ask for an address there before there is such a network", async () => {
    using world = new World();
    const { containers } = await world.command();
    const networks = [{ network: "bridge", address: "172.17.0.9" }];
    const { id } = await containers.runDetached({ image: "busybox", name: "a", networks });
    expect(containers.inspect(id).endpoints[0]?.endpoint.addresses).toEqual(["172.17.0.9/16"]);
    expectAgreement(world);
  });

  test("waits for the default network that another command makes at this moment", async () => {
    using world = new World();
    const names = ["a", "b", "c"];
    const commands = await Promise.all(names.map(() => world.command()));
    await Promise.all(
      commands.map(({ containers }, at) => containers.runDetached({ image: "busybox", name: `${names[at]}` })),
    );
    expect((await world.command()).containers.list()).toHaveLength(3);
    expectAgreement(world);
  });

  test("makes the default network itself where the command that began to make it fails", async () => {
    using world = new World();
    const [maker, late] = [await world.command(), await world.command()];
    maker.steps.plan({ kind: "failure", at: 3 });
    const failing = maker.defaultNetwork.prepare().catch((error) => error.code);
    await late.containers.runDetached({ image: "busybox", name: "a" });
    expect(await failing).toBe("TSD_TEST_INJECTED");
    expectAgreement(world);
  });
});

/** The default network as the store has it. */
function made(world: World): Network | undefined {
  return world.store.networks.list().find(({ network }) => network.name === "bridge")?.network;
}

const tsd0 = { name: "tsd0" };
const own = { cidr: "172.17.0.0/16", gateway: "172.17.0.1" };

describe("the default network by settings", () => {
  test.each<[HostSettings, unknown]>([
    [{}, { options: tsd0, subnets: [own] }],
    [{ bip: "10.10.0.9/24" }, { options: tsd0, subnets: [{ cidr: "10.10.0.0/24", gateway: "10.10.0.9" }] }],
    [
      { "fixed-cidr": "10.10.1.0/25" },
      { options: tsd0, subnets: [{ cidr: "10.10.1.0/25", gateway: "10.10.1.1", range: "10.10.1.0/25" }] },
    ],
    [
      { bip: "10.10.0.1/16", "fixed-cidr": "10.10.1.0/25" },
      { options: tsd0, subnets: [{ cidr: "10.10.0.0/16", gateway: "10.10.0.1", range: "10.10.1.0/25" }] },
    ],
    [
      { "fixed-cidr-v6": "fd00:1::/64" },
      { options: tsd0, subnets: [own, { cidr: "fd00:1::/64", gateway: "fd00:1::1" }] },
    ],
    [
      { ipv6: true },
      {
        options: tsd0,
        subnets: [own, { cidr: expect.stringMatching(/^fd.*\/64$/), gateway: expect.stringMatching(/^fd.*::1$/) }],
      },
    ],
    [
      {
        ipv6: true,
        "default-address-pools": [
          { base: "10.80.0.0/12", size: 24 },
          { base: "fd00:9::/48", size: 64 },
        ],
      },
      {
        options: tsd0,
        subnets: [
          { cidr: "10.80.0.0/24", gateway: "10.80.0.1" },
          { cidr: "fd00:9::/64", gateway: "fd00:9::1" },
        ],
      },
    ],
    [{ icc: false }, { options: { ...tsd0, icc: "false" }, subnets: [own] }],
    [{ mtu: 1400 }, { options: { ...tsd0, mtu: "1400" }, subnets: [own] }],
    [{ mtu: "auto" }, { options: { ...tsd0, mtu: "auto" }, subnets: [own] }],
    [{ ip: "192.0.2.1" }, { options: { ...tsd0, host_binding: "192.0.2.1" }, subnets: [own] }],
    [{ "ip-forward": false }, { options: tsd0, leaveForwarding: true }],
    [{ nat: "iptables" }, { options: tsd0, subnets: [own] }],
  ])("%j", async (settings, expected) => {
    using world = new World();
    world.settings = settings;
    const { containers } = await world.command();
    await containers.runDetached({ image: "busybox", name: "a", publish: ["8080:80"] });
    expect(made(world)).toMatchObject(expected as object);
    expectAgreement(world);
  });

  test("that contradict each other are refused by what is wrong, and nothing is left", async () => {
    using world = new World();
    world.settings = { bip: "10.10.0.1/24", "fixed-cidr": "10.11.0.0/25" };
    const { defaultNetwork } = await world.command();
    await expect(defaultNetwork.renew()).rejects.toMatchObject({
      kind: "invalid-input",
      message: expect.stringContaining("10.11.0.0/25"),
    });
    expectNothingLeft(world);
  });
});

describe("on somebody else's bridge", () => {
  test.each([
    [["10.9.0.1/24"], [{ cidr: "10.9.0.0/24", gateway: "10.9.0.1" }]],
    [["10.9.0.1/24", "10.8.0.1/24"], [{ cidr: "10.9.0.0/24", gateway: "10.9.0.1" }]],
    [["fe80::1/64", "10.9.0.1/24"], [{ cidr: "10.9.0.0/24", gateway: "10.9.0.1" }]],
    [
      ["fe80::1/64", "fd00:9::1/64", "fd00:8::1/64", "10.9.0.1/24"],
      [
        { cidr: "10.9.0.0/24", gateway: "10.9.0.1" },
        { cidr: "fd00:9::/64", gateway: "fd00:9::1" },
      ],
    ],
  ])("with %j the network has the first subnet of each family", async (addresses, subnets) => {
    using world = new World();
    world.addBridge("br9", addresses);
    // The kernel's own, for the address of the bridge.
    world.routes.push({ cidr: "10.9.0.0/24", link: "br9" });
    world.settings = { bridge: "br9" };
    const { containers } = await world.command();
    await containers.runDetached({ image: "busybox", name: "a" });
    expect(made(world)).toMatchObject({ options: { name: "br9", adopt: "true" }, subnets });
    expectAgreement(world);
    await containers.remove("a", { force: true });
    world.settings = { bridge: "none" };
    await (await world.command()).defaultNetwork.renew();
    expectNothingLeft(world);
  });

  test("containers draw from the ranges of the settings", async () => {
    using world = new World();
    world.addBridge("br9", ["10.9.0.1/24", "fd00:9::1/48"]);
    world.settings = { bridge: "br9", "fixed-cidr": "10.9.0.128/25", "fixed-cidr-v6": "fd00:9:0:7::/64" };
    await (await world.command()).defaultNetwork.renew();
    expect(made(world)?.subnets).toEqual([
      { cidr: "10.9.0.0/24", gateway: "10.9.0.1", range: "10.9.0.128/25" },
      { cidr: "fd00:9::/48", gateway: "fd00:9::1", range: "fd00:9:0:7::/64" },
    ]);
  });

  test("without IPv6 its IPv6 addresses are left alone", async () => {
    using world = new World();
    world.addBridge("br9", ["10.9.0.1/24", "fd00:9::1/64"]);
    world.settings = { bridge: "br9", ipv6: false };
    await (await world.command()).defaultNetwork.renew();
    expect(made(world)?.subnets).toEqual([{ cidr: "10.9.0.0/24", gateway: "10.9.0.1" }]);
  });

  test.each<[readonly string[], HostSettings, string]>([
    [[], {}, "IPv4"],
    [["fe80::1/64", "fd00:9::1/64"], {}, "IPv4"],
    [["fe80::1/64", "10.9.0.1/24"], { ipv6: true }, "IPv6"],
  ])("with %j and %j there is none, for want of %s", async (addresses, settings, family) => {
    using world = new World();
    world.addBridge("br9", addresses);
    world.settings = { bridge: "br9", ...settings };
    await expect((await world.command()).defaultNetwork.renew()).rejects.toMatchObject({
      kind: "invalid-input",
      code: "TSD_BRIDGE_NO_ADDRESS",
      message: `the bridge br9 has no ${family} address to take over`,
    });
    expectNothingLeft(world);
  });
});

describe("where the bridge is none", () => {
  test("a container that names no network is refused, and others are not", async () => {
    using world = new World();
    world.settings = { bridge: "none" };
    const { containers } = await world.commandOnNetwork();
    await expect(containers.runDetached({ image: "busybox", name: "a" })).rejects.toMatchObject({
      kind: "invalid-input",
      code: "TSD_NO_DEFAULT_NETWORK",
    });
    await containers.runDetached({ image: "busybox", name: "b", networks: [{ network: "n" }] });
    expect(made(world)).toBeUndefined();
    expectAgreement(world);
  });

  test("renewing takes the network away, whichever settings made it, and then does nothing", async () => {
    using world = new World();
    const { defaultNetwork } = await world.command();
    await defaultNetwork.prepare();
    // As one that was made before its settings were kept.
    world.store.transaction(() => world.store.settings.delete("default-network"));
    world.settings = { bridge: "none" };
    await defaultNetwork.renew();
    expectNothingLeft(world);
    await defaultNetwork.renew();
    expectNothingLeft(world);
  });
});

describe("renewing", () => {
  test("makes the network where there is none, and leaves it where the same settings made it", async () => {
    using world = new World();
    world.settings = { mtu: 1400, ipv6: true };
    await (await world.command()).defaultNetwork.renew();
    const before = made(world);
    expect(before).toMatchObject({ options: { mtu: "1400" } });
    world.settings = { ipv6: true, mtu: 1400, nat: "iptables" };
    await (await world.command()).defaultNetwork.renew();
    expect(made(world)).toEqual(before);
    expectAgreement(world);
  });

  test("makes it again by other settings, which the containers after that are on", async () => {
    using world = new World();
    const { containers, defaultNetwork } = await world.command();
    await containers.runDetached({ image: "busybox", name: "a" });
    await containers.stop("a");
    const before = made(world);
    world.settings = { bip: "10.10.0.1/24" };
    await defaultNetwork.renew();
    expect(made(world)?.id).not.toBe(before?.id);
    await containers.start("a");
    expect(containers.inspect("a").endpoints).toMatchObject([{ endpoint: { addresses: ["10.10.0.2/24"] } }]);
    world.settings = {};
    await containers.stop("a");
    await defaultNetwork.renew();
    expect(made(world)?.subnets).toEqual(before?.subnets);
    expectAgreement(world);
  });

  test.each<HostSettings>([{ mtu: 1400 }, { bridge: "none" }])("by %j is refused while in use", async (settings) => {
    using world = new World();
    const { containers, defaultNetwork } = await world.command();
    for (const name of ["a", "b"]) await containers.runDetached({ image: "busybox", name });
    const before = world.snapshot();
    world.settings = settings;
    await expect(defaultNetwork.renew()).rejects.toMatchObject({
      kind: "conflict",
      code: "TSD_NETWORK_IN_USE",
      message: expect.stringMatching(/^network "bridge" is in use by container "a" \(\w+\), container "b" \(\w+\)$/),
    });
    expect(world.snapshot()).toEqual(before);
  });

  test("makes none by the defaults where there is none", async () => {
    using world = new World();
    await (await world.command()).defaultNetwork.renew();
    expectNothingLeft(world);
  });

  test("at once by several ends in one", async () => {
    using world = new World();
    await (await world.command()).defaultNetwork.prepare();
    world.settings = { mtu: 1400 };
    const commands = await Promise.all([1, 2, 3].map(() => world.command()));
    const outcomes = await Promise.allSettled(commands.map(({ defaultNetwork }) => defaultNetwork.renew()));
    expect(outcomes.some(({ status }) => status === "fulfilled")).toBe(true);
    expect(made(world)).toMatchObject({ options: { mtu: "1400" } });
    expectAgreement(world);
  });
});
