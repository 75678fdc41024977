import { execFileSync } from "node:child_process";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type {
  Address,
  BridgeLink,
  ForwardingEntry,
  Neighbour,
  Resource,
  Route,
  VxlanLink,
} from "../../../src/api/index.js";
import { linkSweeper } from "../../../src/kernel/orphans/orphan-links.js";
import { RtnetlinkProvider } from "../../../src/kernel/rtnetlink/rtnetlink-provider.js";
import { enterWorld, ip, leaveWorld, linkNames, netlinkOperations } from "./world.js";

const MARK = "tsd /tunnels-test";
const provider = new RtnetlinkProvider(MARK);
const shell = (command: string): string => execFileSync("sh", ["-ec", command], { encoding: "utf8" });

const tunnel: VxlanLink = {
  ...{ kind: "link", type: "vxlan", name: "vx0", mac: "02:74:00:00:00:01", mtu: 1450 },
  ...{ vni: 42, local: "192.0.2.1", port: 4789 },
};
const own: Address = { kind: "address", link: "vx0", address: "10.5.1.0/32" };
const peer: Neighbour = { kind: "neighbour", link: "vx0", address: "10.5.2.0", mac: "02:74:00:00:00:02" };
const way: ForwardingEntry = { kind: "fdb", link: "vx0", mac: peer.mac, remote: "192.0.2.2" };
const route: Route = {
  ...{ kind: "route", destination: "10.5.2.0/26", gateway: "10.5.2.0", link: "vx0", onlink: true, source: "10.5.1.0" },
};
const bridge: BridgeLink = { kind: "link", type: "bridge", name: "br0", mac: "02:74:00:00:00:11" };
const port: VxlanLink = { ...tunnel, master: "br0" };
const known: ForwardingEntry = { ...way, bridged: true };

type Listed = Parameters<typeof provider.ensure>[0][number];
const problems = async (...resources: readonly Listed[]) =>
  (await provider.inspect(resources)).map(({ problem, found }) => [problem, found].filter(Boolean).join(" "));

beforeAll(() => {
  enterWorld();
  shell("ip link add under up type bridge; ip address add 192.0.2.1/24 dev under");
});
afterAll(() => {
  provider[Symbol.dispose]();
  leaveWorld();
});
afterEach(async () => {
  await provider.remove([route, way, peer, own, tunnel, bridge]);
  expect(linkNames()).toEqual(["lo", "under"]);
});

describe("a tunnel", () => {
  test("is made up, marked, and with what it is told; what differs is named, and made again", async () => {
    await provider.ensure([tunnel]);
    const [found] = ip("-details link show vx0");
    expect(found).toMatchObject({
      ...{ address: tunnel.mac, mtu: 1450, ifalias: MARK, operstate: "UNKNOWN" },
      linkinfo: { info_kind: "vxlan", info_data: { id: 42, local: "192.0.2.1", port: 4789, learning: false } },
    });
    expect(await problems(tunnel)).toEqual([]);
    const other: VxlanLink = { ...tunnel, vni: 43, local: "2001:db8::1", port: 8472 };
    expect(await problems(other)).toEqual(["different has VNI 42, sends from 192.0.2.1, has UDP port 4789"]);
    await provider.ensure([other]);
    expect(await problems(other)).toEqual([]);
    shell("ip link set vx0 down mtu 1400; ip link set vx0 type vxlan learning");
    expect(await problems(other)).toEqual(["different learns addresses, is down, has MTU 1400"]);
    await provider.ensure([other]);
    expect(await problems(other)).toEqual([]);
  });

  test("leaves one of another program's, whose number or port it would need, and names it", async () => {
    shell("ip link add flannel.1 up type vxlan id 42 local 192.0.2.1 dstport 4789");
    await expect(provider.ensure([tunnel])).rejects.toMatchObject({
      kind: "conflict",
      message: "the kernel makes no vx0 of type vxlan: flannel.1 has VNI 42 on UDP port 4789",
    });
    await provider.remove([tunnel]);
    expect(linkNames()).toContain("flannel.1");
    shell("ip link delete flannel.1; ip link add vx0 type vxlan id 42 dstport 4789");
    await expect(provider.ensure([tunnel])).rejects.toMatchObject({ kind: "conflict" });
    await provider.remove([tunnel]);
    expect(linkNames()).toContain("vx0");
    shell("ip link delete vx0");
  });

  test("says which UDP port another program has", async () => {
    const { createSocket } = await import("node:dgram");
    const socket = createSocket("udp4");
    await new Promise<void>((done) => socket.bind(4789, done));
    await expect(provider.ensure([tunnel])).rejects.toMatchObject({
      kind: "conflict",
      message: "the kernel makes no vx0 of type vxlan: another program has UDP port 4789",
    });
    await new Promise<void>((done) => socket.close(() => done()));
  });

  test("with a link-local end sends by that link alone, whatever route there is, and goes with it", async () => {
    shell("ip link add cipher type dummy 2>/dev/null || ip link add cipher type bridge");
    shell("ip link set cipher up; ip address add fe80::1/64 dev cipher nodad");
    shell("ip address add 2001:db8::1/64 dev under nodad; ip -6 route add default via 2001:db8::9 dev under");
    const inner: VxlanLink = { ...tunnel, mtu: 1400, local: "fe80::1", parent: "cipher" };
    const behind: ForwardingEntry = { ...way, remote: "fe80::2", via: "cipher" };
    await provider.ensure([inner, own, behind]);
    await provider.ensure([inner, behind]);
    expect(await problems(inner, behind)).toEqual([]);
    expect(await problems({ ...inner, parent: "under" })).toEqual(["different does not stand on under"]);
    expect(await problems({ ...behind, via: "under" })).toEqual(["different by cipher"]);
    await provider.remove([{ ...behind, via: "under" }]);
    expect(await problems(behind)).toEqual([]);
    await provider.remove([behind]);
    expect(await problems(behind)).toEqual(["missing"]);
    await provider.ensure([behind, peer, route]);
    shell(`nft 'table inet seen {
      chain by { oifname cipher counter; counter; }
      chain output { type filter hook output priority 0; udp dport 4789 jump by; }
    }'`);
    const ping = (): readonly number[] => {
      shell("ping -q -c 3 -i 0.2 -W 1 10.5.2.0 || true");
      return [...shell("nft list chain inet seen by").matchAll(/packets (\d+)/g)].map(([, count]) => Number(count));
    };
    // By cipher, and in all.
    expect(ping()).toEqual([3, 3]);
    shell("ip link set cipher down");
    expect(ping()).toEqual([3, 3]);
    shell(
      "nft delete table inet seen; ip link delete cipher; ip -6 route delete default; ip address delete 2001:db8::1/64 dev under",
    );
    expect(linkNames()).not.toContain("vx0");
    await provider.remove([behind, inner]);
    await expect(provider.ensure([inner])).rejects.toMatchObject({ kind: "not-found", code: "TSD_LINK_MISSING" });
  });

  test("is an orphan where no row lists it", async () => {
    await provider.ensure([tunnel]);
    const sweeper = linkSweeper(MARK);
    expect(await sweeper.orphans(() => [tunnel])).toEqual([]);
    const orphans = await sweeper.orphans(() => []);
    expect(orphans).toMatchObject([{ kind: "link", what: "vx0" }]);
    await sweeper.sweep(orphans);
    expect(linkNames()).not.toContain("vx0");
  });

  test("as a port learns nothing, floods nothing and replies for whom the bridge knows there", async () => {
    const isolated: VxlanLink = { ...port, isolated: true };
    await provider.ensure([bridge, isolated]);
    expect(await problems(bridge, isolated)).toEqual([]);
    expect(await problems(port)).toEqual(["different is isolated"]);
    shell("ip link set vx0 type bridge_slave learning on flood on neigh_suppress off isolated off");
    expect(await problems(isolated)).toEqual([
      "different is not isolated, has learning on, has flooding on, has neigh_suppress off",
    ]);
    await provider.ensure([isolated]);
    expect(await problems(isolated)).toEqual([]);
  });
});

describe("a neighbour", () => {
  test("takes the place of what the kernel knows, and of others only its own goes", async () => {
    await provider.ensure([tunnel, own]);
    shell("ip neighbour add 10.5.2.0 lladdr 02:00:00:00:00:99 dev vx0 nud stale");
    expect(await problems(peer)).toEqual(["different 02:00:00:00:00:99, not for good"]);
    await provider.ensure([peer]);
    expect(await problems(peer)).toEqual([]);
    // A host that has another MAC address by now.
    await provider.remove([{ ...peer, mac: "02:74:00:00:00:99" }]);
    expect(await problems(peer)).toEqual([]);
    shell("ip neighbour replace 10.5.2.0 lladdr 02:74:00:00:00:02 dev vx0 nud permanent protocol static");
    await provider.remove([peer]);
    expect(await problems(peer)).toEqual([]);
  });

  test("stays when the link that it is behind is made again as it is", async () => {
    await provider.ensure([tunnel, own, peer, way, route]);
    await provider.ensure([tunnel]);
    expect(await problems(tunnel, own, peer, way, route)).toEqual([]);
  });
});

describe("an entry of a tunnel", () => {
  test("leads elsewhere once it is told, and goes only where it is as described", async () => {
    await provider.ensure([tunnel, way]);
    const moved: ForwardingEntry = { ...way, remote: "192.0.2.3" };
    expect(await problems(moved)).toEqual(["different at 192.0.2.2"]);
    await provider.ensure([moved]);
    await provider.remove([way]);
    expect(await problems(moved)).toEqual([]);
    await provider.remove([moved]);
    expect(await problems(moved)).toEqual(["missing"]);
  });

  test("is in the table of the bridge as well, and stays there for whom moved", async () => {
    await provider.ensure([bridge, port, known]);
    expect(await problems(bridge, port, known)).toEqual([]);
    shell(`bridge fdb delete ${known.mac} dev vx0 master`);
    expect(await problems(known)).toEqual(["different unknown to the bridge of vx0"]);
    const moved: ForwardingEntry = { ...known, remote: "2001:db8::2" };
    // The tunnel has one family.
    await expect(provider.ensure([moved])).rejects.toMatchObject({ kind: "kernel" });
    await provider.ensure([known, { ...known, remote: "192.0.2.3" }]);
    await provider.remove([known]);
    expect(await problems({ ...known, remote: "192.0.2.3" })).toEqual([]);
    await provider.remove([{ ...known, remote: "192.0.2.3" }]);
    expect(shell("bridge fdb show dev vx0")).not.toContain(known.mac);
  });

  test("for what goes to all is one for each host", async () => {
    const flood = (remote: string): ForwardingEntry => ({ ...way, mac: "00:00:00:00:00:00", remote });
    const all = ["192.0.2.2", "192.0.2.3"].map(flood);
    await provider.ensure([tunnel, ...all]);
    await provider.ensure(all);
    expect(shell("bridge fdb show dev vx0").match(/dst/g)).toHaveLength(2);
    expect(await problems(...all, flood("192.0.2.4"))).toEqual(["missing"]);
    await provider.remove(all.slice(0, 1));
    expect(await problems(...all)).toEqual(["missing"]);
  });
});

describe("a route", () => {
  test("with another source differs, and one by a gateway that no address of the link is near needs to be onlink", async () => {
    await provider.ensure([tunnel, own, route]);
    expect(await problems(route)).toEqual([]);
    const { source: _source, ...plain } = route;
    expect(await problems(plain)).toEqual(["different via 10.5.2.0 dev vx0 src 10.5.1.0"]);
    await expect(provider.ensure([plain])).rejects.toMatchObject({
      kind: "conflict",
      message:
        "10.5.2.0/26 is routed via 10.5.2.0 dev vx0 src 10.5.1.0 already, not 10.5.2.0/26 via 10.5.2.0 dev vx0 onlink",
    });
    await provider.remove([plain]);
    expect(await problems(route)).toEqual([]);
    await expect(
      provider.ensure([{ ...route, onlink: false, gateway: "10.7.7.7", destination: "10.5.3.0/26" }]),
    ).rejects.toMatchObject({
      kind: "conflict",
      message: "10.5.3.0/26 cannot be routed via 10.7.7.7, which vx0 does not reach without a router between",
    });
  });
});

describe("ten thousand hosts", () => {
  test("are made, made again, compared and removed in few requests, and one of them in fewer", async () => {
    const hosts = Array.from({ length: 10_000 }, (_, at) => {
      const block = 0x0a_40_00_00 + at * 64;
      const address = [24, 16, 8, 0].map((shift) => (block >> shift) & 255).join(".");
      const mac = `02:75:00:00:${hex(at >> 8)}:${hex(at & 255)}`;
      return [
        { ...way, mac, remote: `198.18.${at >> 8}.${at & 255}` },
        { ...peer, address, mac },
        { ...route, destination: `${address}/26`, gateway: address },
      ] as const satisfies readonly Resource[];
    });
    const all = [0, 1, 2].flatMap((kind) => hosts.flatMap((host) => host[kind] ?? []));
    await provider.ensure([tunnel, own]);
    expect(await requests(() => provider.ensure(all))).toBeLessThan(40);
    expect(await requests(() => provider.ensure(all))).toBeLessThan(40);
    expect(await requests(async () => expect(await provider.inspect(all)).toEqual([]))).toBeLessThan(10);
    const [first = []] = hosts;
    expect(await requests(() => provider.remove(first))).toBeLessThan(8);
    expect(await problems(...first)).toEqual(["missing", "missing", "missing"]);
    expect(await requests(() => provider.remove(all))).toBeLessThan(60);
    expect(shell("ip route show proto 116; ip neighbour show nud permanent; bridge fdb show dev vx0")).toBe("");
  });
});

async function requests(work: () => Promise<unknown>): Promise<number> {
  return (await netlinkOperations(work)).length;
}

function hex(octet: number): string {
  return octet.toString(16).padStart(2, "0");
}
