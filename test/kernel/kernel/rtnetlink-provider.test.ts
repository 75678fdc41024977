import { execFileSync } from "node:child_process";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { BridgeLink, LoopbackLink, VethLink } from "../../../src/api/link-resource.js";
import type { Address, Netns, Route } from "../../../src/api/resource.js";
import { NetlinkSocket } from "../../../src/kernel/netlink/netlink-socket.js";
import { NetnsProvider } from "../../../src/kernel/netns/netns-provider.js";
import { decodeLink } from "../../../src/kernel/rtnetlink/messages/link.js";
import { RtnetlinkProvider } from "../../../src/kernel/rtnetlink/rtnetlink-provider.js";
import { countDescriptors, enterWorld, ip, leaveWorld, linkNames } from "./world.js";

const namespaces = new NetnsProvider();
const provider = new RtnetlinkProvider();

const netns: Netns = { kind: "netns", path: "/run/netns/c1" };
const bridge: BridgeLink = { kind: "link", type: "bridge", name: "br0", mac: "02:42:0a:0a:0a:01", mtu: 1400 };
const gateway: Address = { kind: "address", link: "br0", address: "10.10.10.1/24" };
const gateway6: Address = { kind: "address", link: "br0", address: "fd00:10::1/64" };
const loopback: LoopbackLink = { kind: "link", type: "loopback", name: "lo", netns: netns.path };
const veth: VethLink = {
  ...{ kind: "link", type: "veth", name: "veth0", master: "br0", hairpin: true, isolated: true, mtu: 1400 },
  peer: { netns: netns.path, name: "eth0", mac: "02:42:0a:0a:0a:02" },
};
const inside = { netns: netns.path, link: "eth0" } as const;
const address: Address = { kind: "address", ...inside, address: "10.10.10.2/24" };
const address6: Address = { kind: "address", ...inside, address: "fd00:10::2/64" };
const route: Route = { kind: "route", ...inside, destination: "0.0.0.0/0", gateway: "10.10.10.1" };
const route6: Route = { kind: "route", ...inside, destination: "::/0", gateway: "fd00:10::1" };
const network = [bridge, gateway, gateway6];
const endpoint = [loopback, veth, address, address6, route, route6];
const all = [...network, ...endpoint];

const shell = (command: string) => execFileSync("sh", ["-ec", command], { stdio: ["ignore", "pipe", "pipe"] });
/** iproute2 knows the word since 6.8. */
const inOlderWords = (command: string) => command.replace(/ fdb_max_learned \d+/, "");
const inNamespace = (command: string) => shell(`nsenter --net=${netns.path} ${command}`);

beforeAll(() => enterWorld());
afterAll(() => {
  provider[Symbol.dispose]();
  leaveWorld();
});
beforeEach(() => namespaces.ensure([netns]));
afterEach(async () => {
  await namespaces.remove([netns]);
  await provider.remove([veth, bridge]);
  expect(linkNames()).toEqual(["lo"]);
});

describe("ensure", () => {
  test("makes what ip shows", async () => {
    await provider.ensure(all);
    expect(await provider.inspect(all)).toEqual([]);
    const [br0] = ip("-d link show br0");
    expect(br0).toMatchObject({ address: bridge.mac, mtu: 1400, flags: expect.arrayContaining(["UP"]) });
    expect(br0?.linkinfo).toMatchObject({
      ...{ info_kind: "bridge" },
      info_data: { forward_delay: 0, stp_state: 0, mcast_snooping: 0, no_linklocal_learn: 1 },
    });
    expect(ip("link show veth0")[0]).toMatchObject({ master: "br0", mtu: 1400 });
    expect(ip("-d link show veth0")[0]?.linkinfo).toMatchObject({ info_slave_data: { hairpin: true, isolated: true } });
    expect(ip("link show eth0", netns.path)[0]).toMatchObject({ address: veth.peer.mac, mtu: 1400, operstate: "UP" });
    expect(ip("link show lo", netns.path)[0]?.flags).toContain("UP");
    expect(ip("-4 route show default", netns.path)[0]).toMatchObject({ gateway: "10.10.10.1", dev: "eth0" });
    expect(ip("-6 route show default", netns.path)[0]).toMatchObject({ gateway: "fd00:10::1", dev: "eth0" });
    inNamespace("ping -c 1 -W 2 10.10.10.1");
    inNamespace("ping -c 1 -W 2 fd00:10::1");
  });

  test("again changes nothing", async () => {
    await provider.ensure(all);
    const indexes = () => [ip("address show"), ip("address show", netns.path)].flat().map(({ ifindex }) => ifindex);
    const before = indexes();
    await provider.ensure(all);
    expect(indexes()).toEqual(before);
    expect(await provider.inspect(all)).toEqual([]);
  });

  test("makes the same as the commands it describes", async () => {
    for (const command of await provider.describe("ensure", all)) shell(inOlderWords(command));
    expect(await provider.inspect(endpoint)).toEqual([]);
    await provider.ensure(all);
    expect(await provider.inspect(all)).toEqual([]);
  });

  test("works without an echo of the new link, as older kernels answer", async () => {
    const { exchange } = NetlinkSocket.prototype;
    let echoes = 0;
    NetlinkSocket.prototype.exchange = function (batch, told) {
      const answer = exchange.call(this, batch, told);
      const replies = answer.replies.filter((reply) => echoes > 0 || decodeLink(reply)?.name !== veth.name);
      echoes += answer.replies.length - replies.length;
      return { ...answer, replies };
    };
    try {
      await provider.ensure(all);
    } finally {
      NetlinkSocket.prototype.exchange = exchange;
    }
    expect(echoes).toBe(1);
    expect(await provider.inspect(all)).toEqual([]);
  });

  test("puts both ends of a veth into one namespace", async () => {
    const pair: VethLink = { kind: "link", type: "veth", name: "veth0", peer: { name: "veth1" } };
    const list = [pair, { kind: "address", link: "veth1", address: "10.9.9.1/30" } as const];
    await provider.ensure(list);
    expect(await provider.inspect(list)).toEqual([]);
    await provider.remove(list.toReversed());
    expect(linkNames()).toEqual(["lo"]);
  });

  test("repairs settings that drifted", async () => {
    await provider.ensure(all);
    shell("ip link set br0 down; ip link set veth0 nomaster down mtu 1300");
    inNamespace("ip link set eth0 down");
    const found = (await provider.inspect(all)).map((drift) => drift.found);
    expect(found).toEqual(
      expect.arrayContaining([
        "is down",
        `is down, has MTU 1300, is no port of a bridge, has hairpin mode off, is not isolated, does not keep ${veth.peer.mac}, leads to eth0, which is down`,
      ]),
    );
    await provider.ensure(all);
    expect(await provider.inspect(all)).toEqual([]);
  });
});

describe("what is in the way is named, and survives the undoing", () => {
  test("a link of another kind", async () => {
    shell("ip link add br0 type veth peer name other");
    await expect(provider.ensure(network)).rejects.toMatchObject({
      ...{ kind: "conflict", code: "TSD_LINK_CONFLICT" },
      message: "the link br0 exists already and is a veth",
    });
    await provider.remove(network.toReversed());
    expect(linkNames()).toContain("br0");
    shell("ip link del br0");
  });

  test("a bridge that is somebody else's", async () => {
    shell("ip link add br0 address 02:00:00:00:00:99 type bridge; ip address add 10.10.10.1/24 dev br0");
    await expect(provider.ensure(network)).rejects.toMatchObject({
      message: "the link br0 exists already and has the hardware address 02:00:00:00:00:99",
    });
    await provider.remove(network.toReversed());
    expect(ip("-4 address show br0")[0]).toMatchObject({
      addr_info: [expect.objectContaining({ local: "10.10.10.1" })],
    });
    shell("ip link del br0");
  });

  test("an interface of the namespace", async () => {
    await provider.ensure(network);
    inNamespace("ip link add eth0 type bridge");
    await expect(provider.ensure(endpoint)).rejects.toMatchObject({
      ...{ kind: "conflict", code: "TSD_LINK_CONFLICT" },
      message: `the link eth0 in ${netns.path} exists already`,
    });
    await provider.remove([veth]);
    expect(linkNames(netns.path)).toContain("eth0");
  });

  test("a veth that leads elsewhere", async () => {
    await provider.ensure(network);
    shell("ip link add veth0 type veth peer name other");
    await expect(provider.ensure(endpoint)).rejects.toMatchObject({
      message: `the link veth0 exists already and does not lead to eth0 in ${netns.path}`,
    });
    shell("ip link del veth0");
  });

  test("another default route", async () => {
    await provider.ensure([...network, loopback, veth, address]);
    inNamespace("ip route add default via 10.10.10.9");
    await expect(provider.ensure([route])).rejects.toMatchObject({
      ...{ kind: "conflict", code: "TSD_ROUTE_CONFLICT" },
      message: "0.0.0.0/0 is routed via 10.10.10.9 dev eth0 already, not 0.0.0.0/0 via 10.10.10.1 dev eth0",
    });
    expect(await provider.inspect([route])).toEqual([
      { resource: route, problem: "different", found: "via 10.10.10.9 dev eth0" },
    ]);
    await provider.remove([route]);
    expect(ip("route show default", netns.path)).toHaveLength(1);
  });

  test("an address with another prefix length, where the family allows but one", async () => {
    await provider.ensure([bridge]);
    shell("ip address add fd00:10::1/48 dev br0 nodad");
    await expect(provider.ensure([gateway6])).rejects.toMatchObject({
      ...{ kind: "conflict", code: "TSD_ADDRESS_CONFLICT" },
      message: "br0 has the address fd00:10::1/48 where fd00:10::1/64 is wanted",
    });
    expect(await provider.inspect([gateway6])).toEqual([
      { resource: gateway6, problem: "different", found: "fd00:10::1/48" },
    ]);
  });
});

test("a bridge keeps its MTU when its ports come and go", async () => {
  const wide: VethLink = { kind: "link", type: "veth", name: "wide", master: "br0", peer: { name: "wide-peer" } };
  await provider.ensure([bridge, wide]);
  await provider.remove([wide]);
  expect(await provider.inspect([bridge])).toEqual([]);
});

describe("refusals", () => {
  test("say in one sentence what the kernel says", async () => {
    await provider.ensure([bridge]);
    const elsewhere: Route = { kind: "route", link: "br0", destination: "10.99.0.0/16", source: "10.77.0.1" };
    await expect(provider.ensure([elsewhere])).rejects.toMatchObject({
      ...{ kind: "kernel", code: "TSD_KERNEL_REFUSED" },
      message: expect.stringMatching(
        /^cannot add route 10\.99\.0\.0\/16 dev br0 src 10\.77\.0\.1: Invalid prefsrc address \(EINVAL\)$/,
      ),
    });
  });

  test.each([
    ["a missing master", { ...veth, master: "nobr" }, "there is no link nobr"],
    [
      "a missing namespace",
      { ...veth, peer: { ...veth.peer, netns: "/run/netns/gone" } },
      "there is no network namespace at /run/netns/gone",
    ],
    ["an address without its link", { ...address, link: "eth9" }, `there is no link eth9 in ${netns.path}`],
  ])("%s", async (_, resource, message) => {
    await provider.ensure([bridge]);
    await expect(provider.ensure([resource])).rejects.toMatchObject({ kind: "not-found", message });
  });
});

describe("remove", () => {
  test("in reverse, twice", async () => {
    await provider.ensure(all);
    for (let round = 0; round < 2; round++) {
      await provider.remove(all.toReversed());
      expect(linkNames()).toEqual(["lo"]);
      expect(linkNames(netns.path)).toEqual(["lo"]);
    }
    expect(await provider.inspect(all)).toHaveLength(all.length - 1);
  });

  test("takes single addresses and routes away and leaves the rest", async () => {
    await provider.ensure(all);
    await provider.remove([route6, route, address6]);
    await provider.remove([route6, route, address6]);
    expect((await provider.inspect(all)).map(({ resource, problem }) => [resource, problem])).toEqual(
      [address6, route, route6].map((resource) => [resource, "missing"]),
    );
  });

  test("finds the veth gone that its namespace took along", async () => {
    await provider.ensure(all);
    await namespaces.remove([netns]);
    await provider.remove(endpoint.toReversed());
    expect(linkNames()).not.toContain("veth0");
    expect(await provider.inspect(endpoint)).toHaveLength(endpoint.length);
  });

  test("many links in the time of a few", async () => {
    const pairs = Array.from(
      { length: 30 },
      (_, index): VethLink => ({
        ...{ kind: "link", type: "veth", name: `pair${index}a`, master: "br0" },
        peer: { name: `pair${index}b` },
      }),
    );
    const bystander: VethLink = { kind: "link", type: "veth", name: "stays", peer: { name: "stays-too" } };
    await provider.ensure([bridge, bystander, ...pairs]);
    expect(linkNames()).toHaveLength(64);
    const start = performance.now();
    await provider.remove(pairs);
    const together = performance.now() - start;
    expect(linkNames()).toEqual(expect.arrayContaining(["lo", "br0", "stays", "stays-too"]));
    expect(linkNames()).toHaveLength(4);
    await provider.remove([bystander]);
    expect(together).toBeLessThan(30 * 15);
  });
});

test("inspect reports a namespace that is gone as missing resources", async () => {
  await provider.ensure(all);
  await namespaces.remove([netns]);
  const drift = await provider.inspect([loopback, address, route]);
  expect(drift).toEqual([loopback, address, route].map((resource) => ({ resource, problem: "missing" })));
});

test("no descriptor is left behind, whatever happens", async () => {
  const round = async () => {
    await provider.ensure(all);
    await provider.inspect(all);
    await provider.ensure([{ ...veth, master: "nobr" }]).catch(() => undefined);
    await provider.ensure([{ ...address, link: "eth9" }]).catch(() => undefined);
    await provider.remove(all.toReversed());
  };
  await round();
  const before = countDescriptors();
  await round();
  expect(countDescriptors()).toBe(before);
});
