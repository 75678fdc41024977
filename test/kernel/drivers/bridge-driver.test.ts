import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { Endpoint, Network, Provider, RawOptions, Resource } from "../../../src/api/index.js";
import { BridgeDriver } from "../../../src/drivers/bridge/bridge-driver.js";
import { hostNetwork } from "../../../src/kernel/host/host-network.js";
import { createNetns, dropNetns } from "../../../src/kernel/netns/named-netns.js";
import { LocalnetProvider } from "../../../src/kernel/rtnetlink/localnet-provider.js";
import { RtnetlinkProvider } from "../../../src/kernel/rtnetlink/rtnetlink-provider.js";
import { enterWorld, ip, leaveWorld, linkNames } from "../kernel/world.js";

const driver = new BridgeDriver();
const rtnetlink = new RtnetlinkProvider();
const providers: readonly Provider[] = [rtnetlink, new LocalnetProvider()];
const shell = (command: string) => execFileSync("sh", ["-ec", command], { stdio: ["ignore", "pipe", "pipe"] });
const forwarding = "/proc/sys/net/ipv4/conf/up0/forwarding";

const netnsOf = (number: number) => `/run/netns/c${number}`;

beforeAll(() => {
  enterWorld();
  createNetns("/run/netns/outside");
  shell(`
    ip link add up0 up type veth peer name far0 netns /run/netns/outside
    ip address add 192.0.2.2/24 dev up0; ip address add 2001:db8::2/64 dev up0 nodad
    nsenter --net=/run/netns/outside sh -ec '
      ip link set far0 up; ip address add 192.0.2.1/24 dev far0; ip address add 2001:db8::1/64 dev far0 nodad
      ip route add 10.10.10.0/24 via 192.0.2.2; ip route add fd00:10::/64 via 2001:db8::2'
  `);
  // IPv6 starts on a wire once the kernel's link watch has seen its carrier, which may take it a second.
  shell("ping -q -c 1 -i 0.2 -w 5 2001:db8::1");
  // As a host that wants no IPv6 but where it says so.
  writeFileSync("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
  writeFileSync(forwarding, "0");
});
afterAll(() => {
  rtnetlink[Symbol.dispose]();
  dropNetns("/run/netns/outside");
  leaveWorld();
});

let made: readonly Resource[] = [];

async function remove(resources: readonly Resource[]): Promise<void> {
  for (const number of [1, 2]) dropNetns(netnsOf(number));
  for (const resource of resources.toReversed()) await providerOf(resource)?.remove([resource]);
  made = made.filter((resource) => !resources.includes(resource));
}

afterEach(async () => {
  await remove(made);
  expect(linkNames()).toEqual(["lo", "up0"]);
  expect(readFileSync(forwarding, "utf8")).toBe("0\n");
});

/** Packet filters are left out: what is shown here holds without one. */
function providerOf({ kind }: Resource): Provider | undefined {
  return providers.find(({ kinds }) => kinds.includes(kind));
}

async function ensure(resources: readonly Resource[]): Promise<void> {
  made = [...made, ...resources];
  for (const resource of resources) await providerOf(resource)?.ensure([resource]);
}

async function drift(): Promise<readonly unknown[]> {
  return (await Promise.all(made.map((resource) => providerOf(resource)?.inspect([resource]) ?? []))).flat();
}

function networkOf(options: RawOptions = {}, more: Partial<Network> = {}): Network {
  return {
    ...{ id: "1".repeat(64), name: "n", driver: "bridge", created: "2026-01-01T00:00:00Z", labels: {} },
    subnets: [
      { cidr: "10.10.10.0/24", gateway: "10.10.10.1" },
      { cidr: "fd00:10::/64", gateway: "fd00:10::1" },
    ],
    options: driver.parseOptions(options),
    mac: "02:00:00:00:00:01",
    uplinks: hostNetwork.uplinks(),
    ...more,
  };
}

/** The container of that number, with a namespace; 10.10.10.2 and fd00:10::2 for number 1. */
function endpointOf(number: number, more: Partial<Endpoint> = {}): Endpoint {
  createNetns(netnsOf(number));
  return {
    ...{ id: String(number).repeat(64), networkId: "1".repeat(64), netns: netnsOf(number), interface: "eth0" },
    mac: `02:00:00:00:01:0${number}`,
    addresses: [`10.10.10.${number + 1}/24`, `fd00:10::${number + 1}/64`],
    ...{ ports: [], metric: 100 },
    ...more,
  };
}

/** One packet, and one second for its answer. */
function reaches(number: number, address: string): boolean {
  return attempt(`nsenter --net=${netnsOf(number)} ping -c 1 -W 1 ${address}`);
}

function attempt(command: string): boolean {
  try {
    shell(command);
    return true;
  } catch {
    return false;
  }
}

describe("a network of both families", () => {
  test("carries the first packet, also when its bridge lost all ports meanwhile", async () => {
    const network = networkOf();
    await ensure(driver.network(network));
    for (let round = 0; round < 3; round++) {
      await ensure(driver.endpoint(network, endpointOf(1)));
      for (const gateway of ["10.10.10.1", "fd00:10::1"])
        expect([gateway, reaches(1, gateway)]).toEqual([gateway, true]);
      expect(attempt("ping -c 1 -W 1 fd00:10::2")).toBe(true);
      await ensure(driver.endpoint(network, endpointOf(2)));
      for (const address of ["10.10.10.2", "fd00:10::2"])
        expect([address, reaches(2, address)]).toEqual([address, true]);
      expect(await drift()).toEqual([]);
      await remove(made.slice(driver.network(network).length));
    }
  });

  test("is forwarded from other machines and to them, at once", async () => {
    const network = networkOf();
    await ensure([...driver.network(network), ...driver.endpoint(network, endpointOf(1))]);
    for (const address of ["10.10.10.2", "fd00:10::2"])
      expect([address, attempt(`nsenter --net=/run/netns/outside ping -c 1 -W 1 ${address}`)]).toEqual([address, true]);
    for (const address of ["192.0.2.1", "2001:db8::1"]) expect([address, reaches(1, address)]).toEqual([address, true]);
  });

  test("is not, where it is internal or forwarding is somebody else's business", async () => {
    for (const more of [{ internal: true }, { leaveForwarding: true }]) {
      const network = networkOf({}, more);
      await ensure([...driver.network(network), ...driver.endpoint(network, endpointOf(1))]);
      expect([reaches(1, "fd00:10::1"), reaches(1, "192.0.2.1"), reaches(1, "2001:db8::1")]).toEqual([
        true,
        false,
        false,
      ]);
      await remove(made);
    }
  });
});

test("a network without IPv6 speaks none, so that nobody can pose as a router", async () => {
  writeFileSync("/proc/sys/net/ipv6/conf/default/disable_ipv6", "0");
  const network = networkOf({}, { subnets: [{ cidr: "10.10.10.0/24", gateway: "10.10.10.1" }] });
  await ensure([
    ...driver.network(network),
    ...driver.endpoint(network, endpointOf(1, { addresses: ["10.10.10.2/24"] })),
  ]);
  expect(reaches(1, "10.10.10.1")).toBe(true);
  const families = (link: string, netns?: string) =>
    ip(`address show ${link}`, netns).flatMap(({ addr_info }) =>
      (addr_info as { family: string }[]).map(({ family }) => family),
    );
  expect([families(`br-${"1".repeat(12)}`), families("eth0", netnsOf(1))]).toEqual([["inet"], ["inet"]]);
  expect(await drift()).toEqual([]);
  writeFileSync("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
});

describe("neighbours", () => {
  /** Number 1 sends straight to the hardware address of number 2. */
  const meetOnTheWire = () => {
    shell(`nsenter --net=${netnsOf(1)} ip neighbour replace 10.10.10.3 lladdr 02:00:00:00:01:02 dev eth0`);
    return reaches(1, "10.10.10.3");
  };

  async function start(options: RawOptions): Promise<void> {
    const network = networkOf(options);
    await ensure(driver.network(network));
    for (const number of [1, 2]) await ensure(driver.endpoint(network, endpointOf(number)));
  }

  test("exchange frames", async () => {
    await start({});
    expect(meetOnTheWire()).toBe(true);
  });

  test("with icc=false exchange no frames, but meet by way of the host, which may refuse", async () => {
    await start({ icc: "false" });
    for (const address of ["10.10.10.3", "fd00:10::3"]) expect([address, reaches(1, address)]).toEqual([address, true]);
    expect(await drift()).toEqual([]);
    expect(meetOnTheWire()).toBe(false);
    expect(reaches(1, "10.10.10.1")).toBe(true);
    shell(`nft add table inet fw; nft "add chain inet fw f { type filter hook forward priority 0; policy drop; }"`);
    shell(`nsenter --net=${netnsOf(1)} ip neighbour flush dev eth0`);
    expect([reaches(1, "10.10.10.3"), reaches(1, "fd00:10::3")]).toEqual([false, false]);
    shell("nft delete table inet fw");
  });
});

test("an endpoint's own names and parameters", async () => {
  const network = networkOf();
  const options = driver.parseEndpointOptions({
    host_ifname: "web0",
    sysctls: "net.ipv4.conf.IFNAME.log_martians=1,net.ipv6.conf.IFNAME.accept_ra=2",
  });
  await ensure([
    ...driver.network(network),
    ...driver.endpoint(network, endpointOf(1, { interface: "lan.5", options })),
  ]);
  expect([linkNames().includes("web0"), linkNames(netnsOf(1))]).toEqual([true, ["lo", "lan.5"]]);
  const read = (key: string) =>
    shell(`nsenter --net=${netnsOf(1)} cat /proc/sys/net/${key}`)
      .toString()
      .trim();
  expect([read("ipv4/conf/lan.5/log_martians"), read("ipv6/conf/lan.5/accept_ra")]).toEqual(["1", "2"]);
  expect(await drift()).toEqual([]);
});
